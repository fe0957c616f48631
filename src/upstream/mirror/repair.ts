import { addSeconds, type Instant, secondsBetween } from '../../domain/instant';
import {
  countByStart,
  findInSpanNotReadSince,
  findStartRange,
  type PageOfIds,
  type StartSpan,
} from '../../persistence/mirror/findMirroredFlowRuns';
import type { UpstreamClient } from '../client/upstreamClient';
import { checkVanished } from './checkVanished';
import type { MirrorServices } from './copyFlowRuns';
import { copyPages } from './sweep';

/** Into how many parts a span is divided whose counts differ. */
const parts = 100;
/** A span with no more runs than this, or no longer than this, is read again as a whole. */
const maxRunsReadAtOnce = 1000;
const shortSeconds = 100;

type Counts = Map<number, Map<string, number>>;

function add(counts: Counts, part: number, name: string, count: number): void {
  const names = counts.get(part) ?? new Map<string, number>();
  counts.set(part, names.set(name, (names.get(name) ?? 0) + count));
}

async function countHere({ database }: MirrorServices, span: StartSpan): Promise<Counts> {
  const counts: Counts = new Map();
  const rows = await database.scan('counts', database.primary, manager => countByStart(manager, span));
  for (const { part, name, count } of rows) add(counts, part, name, count);
  return counts;
}

async function countThere(
  client: UpstreamClient,
  { from, to }: StartSpan,
  seconds: number,
  signal: AbortSignal,
): Promise<Counts> {
  const counts: Counts = new Map();
  for (const interval of await client.countByInterval({ from, to, seconds }, signal))
    for (const { name, count } of interval.states)
      add(counts, Math.round(secondsBetween(from, interval.from) / seconds), name, count);
  return counts;
}

const total = (names: ReadonlyMap<string, number> | undefined): number =>
  [...(names?.values() ?? [])].reduce((sum, count) => sum + count, 0);

const areSame = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean =>
  one.size === other.size && [...one].every(([name, count]) => other.get(name) === count);

/** Reads all runs of a span, and looks up those that are only here. */
async function readSpan(
  services: MirrorServices,
  client: UpstreamClient,
  { from, to }: Omit<StartSpan, 'parts'>,
  signal: AbortSignal,
): Promise<void> {
  const started = services.clock();
  await copyPages(services, client, { filter: {}, from, to }, signal);
  const { primary } = services.database;
  const findLeftovers = (page: PageOfIds) => findInSpanNotReadSince(primary, { from, to }, started, page);
  await checkVanished(services, client, findLeftovers, { signal });
}

async function repairSpan(
  services: MirrorServices,
  client: UpstreamClient,
  from: Instant,
  length: number,
  signal: AbortSignal,
): Promise<void> {
  const seconds = Math.max(1, Math.ceil(length / parts));
  const span = { from, to: addSeconds(from, seconds * parts), parts };
  const here = await countHere(services, span);
  const there = await countThere(client, span, seconds, signal);
  for (let part = 0; part < parts; part++) {
    const ours = here.get(part) ?? new Map<string, number>();
    const theirs = there.get(part) ?? new Map<string, number>();
    if (areSame(ours, theirs)) continue;
    const start = addSeconds(from, part * seconds);
    const isSmall = Math.max(total(ours), total(theirs)) <= maxRunsReadAtOnce || seconds <= shortSeconds;
    if (isSmall) await readSpan(services, client, { from: start, to: addSeconds(start, seconds) }, signal);
    else await repairSpan(services, client, start, seconds, signal);
  }
}

/**
 * Finds where the mirror and the server have different numbers of runs, by the hundredth of the whole span in which these were expected to
 * start and by the names of their states, and reads the runs of these parts again: a part with many is divided further.
 *
 * @throws UpstreamError where the server cannot be asked.
 */
export async function repair(
  services: MirrorServices,
  client: UpstreamClient,
  signal: AbortSignal,
): Promise<void> {
  const range = await findStartRange(services.database.primary);
  if (range === null) return copyPages(services, client, { filter: {}, from: null }, signal);
  const { first, last } = range;
  await copyPages(services, client, { filter: {}, from: null, to: first }, signal);
  await copyPages(services, client, { filter: {}, from: last }, signal);
  await repairSpan(services, client, first, secondsBetween(first, last) + 1, signal);
}
