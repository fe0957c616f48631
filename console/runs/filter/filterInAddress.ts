import type { FlowRunSort, StateType } from '../../generated/graphql';
import { problemsOfParameters } from '../../location/problemsOfParameters';
import { emptyFilter, type RunFilter, stateTypes, type TimeRange } from './runFilter';
import { isTimePreset, timePresets } from './timePresets';

/** The orders of the list, each with its words. */
export const sorts: Readonly<Record<FlowRunSort, string>> = {
  ID_DESC: 'Newest first',
  START_TIME_DESC: 'Started last',
  START_TIME_ASC: 'Started first',
  END_TIME_DESC: 'Ended last',
  EXPECTED_START_TIME_DESC: 'Expected last',
  EXPECTED_START_TIME_ASC: 'Expected first',
  NEXT_SCHEDULED_START_TIME_ASC: 'Next scheduled',
  NAME_ASC: 'Name A to Z',
  NAME_DESC: 'Name Z to A',
};

/** What the address of the runs page asks for. */
interface RunsAddress {
  readonly filter: RunFilter;
  readonly sort: FlowRunSort;
  /** What is wrong with it. Then no runs are shown: they would be others than those asked for. */
  readonly problems: readonly string[];
}

const isStateType = (text: string): text is StateType => stateTypes.some(type => type === text);
const isSort = (text: string): text is FlowRunSort => Object.hasOwn(sorts, text);
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a text is an id. */
export const isId = (text: string): boolean => uuid.test(text);

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const isInstant = (text: string): boolean => instant.test(text) && !Number.isNaN(Date.parse(text));

/** The lists of texts, by their names in the address. */
const lists = {
  stateName: 'stateNames',
  flow: 'flows',
  deployment: 'deployments',
  tag: 'tags',
  queue: 'queues',
  id: 'ids',
} as const;

const names = {
  once: ['name', 'message', 'last', 'after', 'before', 'sort'],
  many: [...Object.keys(lists), 'state'],
};

function readTime(params: URLSearchParams, problems: string[]): TimeRange | null {
  const last = params.get('last');
  const after = params.get('after');
  const before = params.get('before');
  if (last !== null) {
    if (after !== null || before !== null) problems.push('last: cannot be combined with after or before.');
    if (isTimePreset(last)) return { last };
    problems.push(`last: must be one of ${Object.keys(timePresets).join(', ')} (got "${last}").`);
    return null;
  }
  for (const [name, value] of Object.entries({ after, before })) {
    if (value !== null && !isInstant(value))
      problems.push(
        `${name}: must be a date, time and zone, for example 2026-11-24T00:00:00Z (got "${value}").`,
      );
  }
  if (after !== null && before !== null && Date.parse(after) > Date.parse(before))
    problems.push('after: must not be later than before.');
  return after === null && before === null ? null : { after, before };
}

/** Reads the query of an address, in which filters are shared and kept over a reload. */
export function readRunsAddress(params: URLSearchParams): RunsAddress {
  const problems = problemsOfParameters(params, names);
  const states = params.getAll('state').filter(type => {
    if (!isStateType(type)) problems.push(`state: "${type}" is no state type.`);
    return isStateType(type);
  });
  for (const id of params.getAll('id')) if (!isId(id)) problems.push(`id: "${id}" is no id.`);
  const sort = params.get('sort') ?? 'ID_DESC';
  if (!isSort(sort)) problems.push(`sort: "${sort}" is no order.`);
  const texts = Object.fromEntries(
    Object.entries(lists).map(([name, field]) => [
      field,
      [...new Set(params.getAll(name))].filter(text => text !== ''),
    ]),
  );
  const filter: RunFilter = {
    ...emptyFilter,
    ...texts,
    states,
    name: params.get('name') ?? '',
    message: params.get('message') ?? '',
    time: readTime(params, problems),
  };
  return { filter, sort: isSort(sort) ? sort : 'ID_DESC', problems };
}

/** The query of the address that asks for a filter. Reading it back returns the same. */
export function writeRunsAddress(filter: RunFilter, sort: FlowRunSort): URLSearchParams {
  const params = new URLSearchParams();
  for (const type of filter.states) params.append('state', type);
  for (const [name, field] of Object.entries(lists))
    for (const text of filter[field]) params.append(name, text);
  if (filter.name !== '') params.set('name', filter.name);
  if (filter.message !== '') params.set('message', filter.message);
  if (filter.time !== null)
    for (const [name, value] of Object.entries(filter.time)) if (value !== null) params.set(name, value);
  if (sort !== 'ID_DESC') params.set('sort', sort);
  return params;
}
