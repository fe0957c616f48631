import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from './errors';
import { instantOf } from './instants';
import { collectNames } from './operands';
import { stateTypes } from './stateTypes';

/** Which runs, as the gateway takes it. */
export type FlowRunFilter = Readonly<Record<string, unknown>>;

interface FilterFlags {
  readonly state?: string[];
  readonly flow?: string[];
  readonly deployment?: string[];
  readonly tag?: string[];
  readonly name?: string;
  readonly queue?: string[];
  readonly since?: string;
  readonly until?: string;
  readonly id?: string[];
  readonly ids?: string;
  readonly filter?: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Adds the options that say which runs. */
export function addFilterOptions(command: Command): Command {
  return command
    .option(
      '--state <type>',
      'in a state of this type, or one of several: FAILED,CRASHED',
      collectNames(stateTypes, 'For names of states use --filter.'),
    )
    .option('--flow <name|id>', 'of this flow; repeat it for one of several', collect)
    .option('--deployment <name|id>', 'of this deployment; repeat it for one of several', collect)
    .option('--tag <tag>', 'with this tag; repeat it for runs that have every one', collect)
    .option('--name <text>', 'with this text in the name, in whatever case')
    .option('--queue <name>', 'in this work queue; repeat it for one of several', collect)
    .option(
      '--since <time>',
      'started, or expected to start, at or after: 24h ago, a date, or a time with its zone',
    )
    .option('--until <time>', 'started, or expected to start, at or before')
    .option('--id <id>', 'this run; repeat it for several', collect)
    .option('--ids <file>', 'the runs whose ids are in a file, one a line; - for stdin')
    .option('--filter <json>', 'a FlowRunFilter of the GraphQL API, in place of all other options');
}

const listOf = (values: readonly string[] | undefined) =>
  values === undefined ? undefined : { any: [...values] };

const isId = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** The names in the options for flows and deployments, without the ids. */
export function namesIn(command: Command): Readonly<Record<'flow' | 'deployment', readonly string[]>> {
  const { flow = [], deployment = [] } = command.opts<FilterFlags>();
  const isName = (value: string): boolean => !isId(value);
  return { flow: flow.filter(isName), deployment: deployment.filter(isName) };
}

function namedOrId(values: readonly string[] | undefined) {
  if (values === undefined) return undefined;
  const ids = values.filter(isId);
  const names = values.filter(value => !isId(value));
  return {
    operator: 'OR',
    ...(ids.length > 0 && { id: { any: ids } }),
    ...(names.length > 0 && { name: { any: names } }),
  };
}

function readIds(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`--ids: ${error instanceof Error ? error.message : String(error)}`);
  }
  const ids = text.split(/\s+/).filter(word => word !== '');
  // Without this, a command before the pipe that found nothing would select every run.
  if (ids.length === 0) throw new UsageError(`--ids: ${file === '-' ? 'stdin' : file} has no ids`);
  return ids;
}

function idsOf({ id, ids }: FilterFlags): { any: string[] } | undefined {
  const all = [...(id ?? []), ...(ids === undefined ? [] : readIds(ids))];
  if (all.length === 0) return undefined;
  const wrong = all.find(text => !isId(text));
  if (wrong !== undefined) throw new UsageError(`--id, --ids: must be ids of runs (got ${wrong})`);
  return { any: [...new Set(all)] };
}

function startTimeOf({ since, until }: FilterFlags, now: Date) {
  if (since === undefined && until === undefined) return undefined;
  return {
    ...(since !== undefined && { after: instantOf(since, '--since', now) }),
    ...(until !== undefined && { before: instantOf(until, '--until', now) }),
  };
}

function parseFilter(json: string): FlowRunFilter {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UsageError(`--filter: is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError('--filter: must be a JSON object, such as {"state":{"type":{"any":["FAILED"]}}}');
  return value as FlowRunFilter;
}

const flagNames = [
  'state',
  'flow',
  'deployment',
  'tag',
  'name',
  'queue',
  'since',
  'until',
  'id',
  'ids',
] as const;

/**
 * Returns the filter that the options of a command say. All options together must hold.
 *
 * @throws UsageError for a value that cannot be meant, and for `--filter` beside other options.
 */
export function filterOf(command: Command, now: Date): FlowRunFilter {
  const flags = command.opts<FilterFlags>();
  if (flags.filter !== undefined) {
    const other = flagNames.find(name => flags[name] !== undefined);
    if (other !== undefined)
      throw new UsageError(`--filter: cannot be used beside --${other}. Write all conditions in the JSON.`);
    return parseFilter(flags.filter);
  }
  const empty = (['name', 'flow', 'deployment', 'tag', 'queue'] as const).find(
    name => flags[name]?.includes('') === true && [flags[name]].flat().includes(''),
  );
  if (empty !== undefined) throw new UsageError(`--${empty}: must not be empty`);
  const groups = {
    id: idsOf(flags),
    state: flags.state && { type: listOf(flags.state) },
    flow: namedOrId(flags.flow),
    deployment: namedOrId(flags.deployment),
    tags: flags.tag && { all: flags.tag },
    name: flags.name === undefined ? undefined : { like: flags.name },
    workQueueName: listOf(flags.queue),
    startTime: startTimeOf(flags, now),
  };
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => group !== undefined));
}
