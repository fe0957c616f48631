import type { FlowRunFilter, FlowRunFilterStartTime } from '../../generated/graphql';
import type { RunFilter, TimeRange } from './runFilter';
import { startOf } from './timePresets';

const listOf = <Value>(values: readonly Value[]): { any: Value[] } | undefined =>
  values.length > 0 ? { any: [...values] } : undefined;

function startTimeOf(time: TimeRange | null, now: Date): FlowRunFilterStartTime | undefined {
  if (time === null) return undefined;
  if ('last' in time) return { after: startOf(time.last, now).toISOString() };
  return { ...(time.after && { after: time.after }), ...(time.before && { before: time.before }) };
}

const named = (values: readonly string[]) => (values.length > 0 ? { name: { any: [...values] } } : undefined);

const like = (text: string) => (text === '' ? undefined : { like: text });

/** An object without the properties that are undefined; undefined if none is left. */
function present<Group extends object>(group: Group): Group | undefined {
  const entries = Object.entries(group).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Group);
}

/**
 * The filter as the gateway takes it. The rows on the page, the counts and the set of an operation are all selected by
 * this one.
 *
 * @param now what "in the last 24 hours" counts back from.
 */
export function serverFilterOf(filter: RunFilter, now: Date): FlowRunFilter {
  const { states, stateNames, flows, deployments, tags, queues, ids, name, message, time } = filter;
  const groups: FlowRunFilter = {
    id: listOf(ids),
    name: like(name),
    flow: named(flows),
    deployment: named(deployments),
    tags: tags.length > 0 ? { all: [...tags] } : undefined,
    workQueueName: listOf(queues),
    state: present({ type: listOf(states), name: listOf(stateNames), message: like(message) }),
    startTime: startTimeOf(time, now),
  };
  return present(groups) ?? {};
}
