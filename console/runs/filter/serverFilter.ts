import type { FlowRunFilter, FlowRunFilterStartTime, StateType } from '../../generated/graphql';
import type { RunFilter, TimeRange } from './runFilter';
import { timePresets } from './timePresets';

const listOf = <Value>(values: readonly Value[]): { any: Value[] } | undefined =>
  values.length > 0 ? { any: [...values] } : undefined;

function startTimeOf(time: TimeRange | null, now: Date): FlowRunFilterStartTime | undefined {
  if (time === null) return undefined;
  if ('last' in time)
    return { after: new Date(now.getTime() - timePresets[time.last].seconds * 1000).toISOString() };
  return { ...(time.after && { after: time.after }), ...(time.before && { before: time.before }) };
}

interface StateGroup {
  readonly type?: { any: StateType[] };
  readonly name?: { any: string[] };
}

function stateOf({ states, stateNames }: RunFilter): StateGroup | undefined {
  const type = listOf(states);
  const name = listOf(stateNames);
  return type || name ? { ...(type && { type }), ...(name && { name }) } : undefined;
}

/**
 * The filter as the gateway takes it. The rows on the page, the counts and the set of an operation are all selected by
 * this one.
 *
 * @param now what "in the last 24 hours" counts back from.
 */
export function serverFilterOf(filter: RunFilter, now: Date): FlowRunFilter {
  const groups: FlowRunFilter = {
    id: listOf(filter.ids),
    name: filter.name === '' ? undefined : { like: filter.name },
    tags: filter.tags.length > 0 ? { all: [...filter.tags] } : undefined,
    workQueueName: listOf(filter.queues),
    state: stateOf(filter),
    startTime: startTimeOf(filter.time, now),
  };
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => group !== undefined));
}
