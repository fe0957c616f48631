import type { RunFilter, TimeRange } from './runFilter';
import { startOf, timePresets } from './timePresets';

const listed = (values: readonly string[], conjunction: 'and' | 'or'): string => {
  if (values.length <= 1) return values.join('');
  return `${values.slice(0, -1).join(', ')} ${conjunction} ${values.at(-1)}`;
};

const quoted = (values: readonly string[]): string[] => values.map(value => `“${value}”`);

function timeInWords(time: TimeRange, now: Date, timeOf: (instant: string) => string): string {
  if ('last' in time) {
    const { words } = timePresets[time.last];
    return `started in the last ${words} (since ${timeOf(startOf(time.last, now).toISOString())})`;
  }
  const { after, before } = time;
  if (after !== null && before !== null) return `started from ${timeOf(after)} to ${timeOf(before)}`;
  return after === null ? `started until ${timeOf(before ?? '')}` : `started from ${timeOf(after)}`;
}

/**
 * A filter as people say it: "runs in state Failed or Crashed, with the tag “nightly”".
 *
 * @param now what "in the last 24 hours" counts back from.
 * @param timeOf shows an instant in the chosen zone.
 */
export function filterInWords(filter: RunFilter, now: Date, timeOf: (instant: string) => string): string {
  const { states, stateNames, flows, deployments, tags, queues, ids, name, message, time } = filter;
  const parts = [
    states.length > 0 && `in a state of type ${listed(states, 'or')}`,
    stateNames.length > 0 && `in a state named ${listed(quoted(stateNames), 'or')}`,
    message !== '' && `with “${message}” in the message of their state`,
    flows.length > 0 && `of the flow ${listed(quoted(flows), 'or')}`,
    deployments.length > 0 && `of the deployment ${listed(quoted(deployments), 'or')}`,
    tags.length > 0 && `with the tag${tags.length > 1 ? 's' : ''} ${listed(quoted(tags), 'and')}`,
    queues.length > 0 && `in the work queue ${listed(quoted(queues), 'or')}`,
    name !== '' && `with “${name}” in their name`,
    ids.length > 0 && (ids.length > 3 ? `with one of ${ids.length} ids` : `with the id ${listed(ids, 'or')}`),
    time !== null && timeInWords(time, now, timeOf),
  ].filter(part => part !== false);
  return parts.length === 0 ? 'All runs, of any time' : `Runs ${parts.join(', ')}`;
}
