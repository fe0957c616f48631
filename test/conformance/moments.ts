import { addMicroseconds, addSeconds, type Instant, secondsBetween } from '../../src/domain/instant';
import type { Json } from '../../src/domain/json';
import { isWire } from './wire';

/** When a case was played: where its `$t` counts from, and between which instants its call ran. */
export interface Moments {
  start: Instant;
  before: Instant;
  after: Instant;
}

/** A given value with its instants and ids put in. */
export function fill(value: Json, start: Instant, ids: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map(inner => fill(inner, start, ids));
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (!isWire(value)) return value;
  if ('$t' in value) return addMicroseconds(addSeconds(start, Number(value.$t)), Number(value.plus_us ?? 0));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, start, ids)]));
}

const tolerance = 0.000_002;

function meets(
  expected: Json,
  actual: unknown,
  moments: Moments,
  ids: ReadonlyMap<string, string>,
): boolean | undefined {
  if (expected === '$any') return typeof actual === 'string';
  if (expected === '$new') return typeof actual === 'string' && ![...ids.values()].includes(actual);
  if (typeof expected === 'string' && expected.startsWith('$')) return actual === ids.get(expected);
  if (typeof expected === 'number')
    return typeof actual === 'number' && Math.abs(actual - expected) < tolerance;
  if (!isWire(expected)) return undefined;
  if ('$t' in expected) return actual === fill(expected, moments.start, ids);
  if ('$now' in expected) {
    const seconds = Number(expected.$now);
    if (typeof actual !== 'string') return false;
    return (
      actual >= addSeconds(moments.before, seconds) &&
      actual <= addSeconds(moments.after, seconds + tolerance)
    );
  }
  if ('$elapsed' in expected) {
    const { since, plus } = expected.$elapsed as { since: number; plus: number };
    const from = addSeconds(moments.start, since);
    const least = secondsBetween(from, moments.before) + plus - tolerance;
    const most = secondsBetween(from, moments.after) + plus + tolerance;
    return typeof actual === 'number' && actual >= least && actual <= most;
  }
  return undefined;
}

/** Where what was expected and what came differ, both ways; empty where they do not. */
export function differences(
  path: string,
  expected: Json | undefined,
  actual: unknown,
  moments: Moments,
  ids: ReadonlyMap<string, string>,
): string[] {
  const met = expected === undefined ? undefined : meets(expected, actual, moments, ids);
  if (met === true) return [];
  if (
    met === undefined &&
    typeof expected === 'object' &&
    expected !== null &&
    typeof actual === 'object' &&
    actual !== null
  ) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap(key =>
      differences(
        `${path}.${key}`,
        (expected as Record<string, Json>)[key],
        (actual as Record<string, unknown>)[key],
        moments,
        ids,
      ),
    );
  }
  if (met === undefined && expected === actual) return [];
  return [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}
