import { z } from 'zod';
import type { FlowRunId } from '../../domain/identifiers';
import { slicesOf } from '../../platform/slicesOf';
import type { Caller } from './caller';
import { idFilter, maxPageSize } from './pages';
import { parseResponse } from './parseResponse';
import { readFlowRunPage } from './readFlowRunPage';
import { readInHalves } from './readInHalves';
import { wireHistory } from './schemas/history';
import { wireState } from './schemas/state';
import { wholeNumber } from './schemas/values';
import type { UnreadableRuns } from './unreadableRuns';
import type { FlowRunPage, UpstreamClient, UpstreamFlowRunQuery } from './upstreamClient';

type FlowRunCalls = Pick<
  UpstreamClient,
  'findFlowRuns' | 'findFlowRunsByIds' | 'countFlowRuns' | 'countByInterval' | 'findStates' | 'deleteFlowRun'
>;

/** Where a page is, in words that are the same for each reading of it. */
const placeOf = ({ filter, offset = 0 }: UpstreamFlowRunQuery): string => {
  const { id: _ids, ...conditions } = filter;
  return `${JSON.stringify(conditions)}${offset > 0 ? ` behind ${offset}` : ''}`;
};

const wireStates = z.array(wireState);
const notFound = 404;

/** The calls that read, count and delete runs. */
export function flowRunCalls({ call }: Caller, unreadable: UnreadableRuns): FlowRunCalls {
  async function read<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Schema>> {
    const response = await call({ method: 'POST', path, body, isRead: true }, signal);
    return parseResponse(schema, response.body, `POST ${path}`);
  }

  async function readPage(
    { filter, sort, limit, offset = 0 }: UpstreamFlowRunQuery,
    signal: AbortSignal | undefined,
  ): Promise<FlowRunPage> {
    const path = '/flow_runs/filter';
    const body = { flow_runs: filter, sort, limit, offset };
    const response = await call({ method: 'POST', path, body, isRead: true }, signal);
    const page = readFlowRunPage(response, `POST ${path}`);
    unreadable.forget(page.rows.map(({ flowRun }) => flowRun.id));
    for (const { id, detail } of page.unreadable) if (id !== null) unreadable.note(id, detail);
    return page;
  }

  async function findFlowRuns(query: UpstreamFlowRunQuery, signal?: AbortSignal): Promise<FlowRunPage> {
    const { offset = 0, limit } = query;
    const page = await readInHalves(part => readPage({ ...query, ...part }, signal), { offset, limit });
    for (const { id, detail } of page.unreadable)
      if (id === null) unreadable.noteUnnamed(placeOf(query), detail);
    return page;
  }

  async function findFlowRunsByIds(ids: readonly FlowRunId[], signal?: AbortSignal): Promise<FlowRunPage> {
    const all: FlowRunPage = {
      rows: [],
      unreadable: [],
      count: 0,
      received: performance.now(),
      characters: 0,
    };
    for (const part of slicesOf(ids, maxPageSize)) {
      const page = await readPage({ filter: idFilter(part), sort: 'ID_DESC', limit: part.length }, signal);
      all.rows.push(...page.rows);
      all.unreadable.push(...page.unreadable);
      all.count += page.count;
      all.received = page.received;
      all.characters += page.characters;
    }
    return all;
  }

  async function exists(id: FlowRunId, signal: AbortSignal | undefined): Promise<boolean> {
    const path = `/flow_runs/${id}`;
    const { status } = await call({ method: 'GET', path, isRead: true, expected: [notFound] }, signal);
    return status !== notFound;
  }

  return {
    findFlowRuns,
    findFlowRunsByIds,
    countFlowRuns: (filter, signal) => read(wholeNumber, '/flow_runs/count', { flow_runs: filter }, signal),
    countByInterval: ({ from, to, seconds }, signal) =>
      read(
        wireHistory,
        '/flow_runs/history',
        { history_start: from, history_end: to, history_interval_seconds: seconds },
        signal,
      ),
    async findStates(id, signal) {
      const { body } = await call(
        { method: 'GET', path: `/flow_run_states/?flow_run_id=${id}`, isRead: true },
        signal,
      );
      const states = parseResponse(wireStates, body, 'GET /flow_run_states');
      // A run that does not exist has no states either.
      return states.length > 0 || (await exists(id, signal)) ? states : null;
    },
    async deleteFlowRun(id, signal) {
      const { status } = await call(
        { method: 'DELETE', path: `/flow_runs/${id}`, isRead: false, expected: [notFound] },
        signal,
      );
      return status !== notFound;
    },
  };
}
