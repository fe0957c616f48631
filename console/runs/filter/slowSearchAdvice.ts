import type { RunFilter } from './runFilter';

/** Fields of the filter for which every run that the others find is read. */
const slowFieldsOf = ({ name, message }: RunFilter): string[] => [
  ...(name === '' ? [] : ['“Name contains”']),
  ...(message === '' ? [] : ['“Message contains”']),
];

/** Conditions that the filter lacks, and that the gateway finds runs by at once. */
const narrowingOf = ({ flows, states, time }: RunFilter): string[] => [
  ...(flows.length > 0 ? [] : ['a flow']),
  ...(states.length > 0 ? [] : ['a state']),
  ...(time === null ? ['a start time'] : []),
];

/**
 * What to do about a search that took too long.
 *
 * @param words the filter in words.
 */
export function slowSearchAdvice(filter: RunFilter, words: string): string {
  const slow = slowFieldsOf(filter);
  const narrowing = narrowingOf(filter);
  return [
    `The search was: ${words}.`,
    ...(slow.length > 0
      ? [`${slow.join(' and ')} must read every run that the rest of the filter finds.`]
      : []),
    narrowing.length > 0
      ? `Add ${narrowing.join(' or ')}, then try again.`
      : 'Choose a shorter time, then try again.',
  ].join(' ');
}
