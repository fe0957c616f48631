import type { Instant } from '../../domain/instant';
import type { Caller } from './caller';
import { parseResponse } from './parseResponse';
import { proposalToWire } from './schemas/state';
import { wireTransitions } from './schemas/transition';
import type { Guard, UpstreamClient, UpstreamFilter } from './upstreamClient';
import { UpstreamError } from './upstreamError';

/** At this time exactly: both bounds are inclusive. */
const at = (time: Instant | null): UpstreamFilter =>
  time === null ? { is_null_: true } : { after_: time, before_: time };

/** The times that identify the state: when a scheduled run is due, else when the run started and ended. */
function timesOf({ stateType, startTime, endTime, nextScheduledStartTime }: Guard): UpstreamFilter {
  if (stateType !== 'SCHEDULED') return { start_time: at(startTime), end_time: at(endTime) };
  // The API has no filter for runs that are due at no time.
  return nextScheduledStartTime === null ? {} : { next_scheduled_start_time: at(nextScheduledStartTime) };
}

/** The filter that matches a run as long as it is in the guard's state. */
const guardFilter = (guard: Guard): UpstreamFilter => ({
  id: { any_: [guard.flowRunId] },
  state: { type: { any_: [guard.stateType] }, name: { any_: [guard.stateName] } },
  ...timesOf(guard),
});

const path = '/flow_runs/bulk_set_state';

/**
 * The call that moves a run. The call for many runs with one run: its filter is a condition that the call for one run lacks.
 * With more than one run it mixes up their details, so it is never sent for more.
 */
export const transitionCalls = ({ call }: Caller): Pick<UpstreamClient, 'setGuardedState'> => ({
  async setGuardedState({ guard, transitionId, proposal, force }, signal) {
    const body = {
      flow_runs: guardFilter(guard),
      state: proposalToWire(proposal, transitionId),
      force,
      limit: 1,
    };
    const response = await call({ method: 'POST', path, body, isRead: false }, signal);
    const { results } = parseResponse(wireTransitions, response.body, `POST ${path}`);
    const [first] = results;
    if (first === undefined) return null;
    if (results.length === 1 && first.flowRunId === guard.flowRunId) return first.result;
    const detail = 'results is not about the one run of the call';
    throw new UpstreamError(`POST ${path}: ${detail}`, { kind: 'malformed', detail });
  },
});
