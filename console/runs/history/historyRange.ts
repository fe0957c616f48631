import type { TimeRange } from '../filter/runFilter';
import { startOf } from '../filter/timePresets';

/** From an instant to another one, in milliseconds since 1970. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;

/** The span that the histogram shows: the filter's, and a day where it is open. */
export function spanOf(time: TimeRange | null, now: Date): Span {
  const end = now.getTime();
  if (time === null) return { from: end - day, to: end };
  if ('last' in time) return { from: startOf(time.last, now).getTime(), to: end };
  const after = time.after === null ? null : Date.parse(time.after);
  const before = time.before === null ? null : Date.parse(time.before);
  if (after === null) return { from: (before ?? end) - day, to: before ?? end };
  const to = before ?? Math.max(end, after + 60_000);
  return { from: after, to: Math.max(to, after + 1000) };
}

/** The buckets that are chosen: from the one where the choice began to the one where it is now. */
export interface Choice {
  readonly anchor: number;
  readonly cursor: number;
}

/** The first and the last of the chosen buckets. */
export const bucketsOf = ({ anchor, cursor }: Choice): readonly [first: number, last: number] => [
  Math.min(anchor, cursor),
  Math.max(anchor, cursor),
];

/** The choice after a key; null where the key has no meaning for it. */
export function choiceAfterKey(
  choice: Choice,
  key: string,
  isExtending: boolean,
  bucketCount: number,
): Choice | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageUp: -10,
    PageDown: 10,
    Home: -bucketCount,
    End: bucketCount,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const cursor = Math.max(0, Math.min(bucketCount - 1, choice.cursor + step));
  return { cursor, anchor: isExtending ? choice.anchor : cursor };
}
