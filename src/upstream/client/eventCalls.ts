import { addSeconds, type Instant } from '../../domain/instant';
import type { Caller } from './caller';
import { parseResponse } from './parseResponse';
import { readRows } from './readRows';
import { wireEvent, wireEventPage } from './schemas/event';
import type { UnreadableRuns } from './unreadableRuns';
import type { UpstreamClient, UpstreamEvent } from './upstreamClient';
import { type EventServer, watchEvents } from './watchEvents';

type EventCalls = Pick<UpstreamClient, 'sendProbe' | 'findEvents' | 'watchEvents'>;

/** The events of this program's own. */
const probeEvent = 'switchyard.probe';
const runEvents = 'prefect.flow-run.';
/** The most events that the server returns at once. */
const pageSize = 50;

/** The calls about events. An event that is not as the API promises is left out: a comparison finds what it is about. */
export function eventCalls(caller: Caller, server: EventServer, reports: UnreadableRuns): EventCalls {
  const reportUnread = (detail: string): void => void reports.noteUnnamed('an event', detail);

  async function* findEvents(
    range: { from: Instant; to: Instant },
    signal?: AbortSignal,
  ): AsyncGenerator<UpstreamEvent[], void> {
    const filter = {
      event: { prefix: [runEvents] },
      occurred: { since: range.from, until: range.to },
      order: 'ASC',
    };
    const path = '/events/filter';
    let response = await caller.call(
      { method: 'POST', path, body: { filter, limit: pageSize }, isRead: true },
      signal,
    );
    for (;;) {
      const call = `POST ${path}`;
      const { events, next_page: nextPage } = parseResponse(wireEventPage, response.body, call);
      const { rows, unread } = readRows(wireEvent, events, call);
      for (const { detail } of unread) reportUnread(detail);
      if (rows.length > 0) yield rows;
      if (nextPage === null) return;
      response = await caller.call(
        { method: 'GET', path: `${path}/next${queryOf(nextPage)}`, isRead: true },
        signal,
      );
    }
  }

  return {
    async sendProbe(id, signal) {
      const occurred = new Date().toISOString();
      const resource = { 'prefect.resource.id': probeEvent };
      await caller.call(
        {
          method: 'POST',
          path: '/events',
          body: [{ id, occurred, event: probeEvent, resource }],
          isRead: false,
        },
        signal,
      );
    },
    findEvents,
    watchEvents: (since, signal) => {
      // Without an end in the future the server stops sending live events without notice.
      const occurred = { since, until: addSeconds(since, yearSeconds) };
      const filter = { event: { prefix: [runEvents, probeEvent] }, occurred };
      return watchEvents(server, { filter, onUnreadable: reportUnread }, signal);
    },
  };
}

const yearSeconds = 365 * 86_400;

/** The query of an address, whose host may be known to the server alone. */
const queryOf = (url: string): string => url.slice(Math.max(0, url.indexOf('?')));
