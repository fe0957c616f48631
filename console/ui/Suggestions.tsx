import { formatNumber } from './formatNumber';
import type { Suggestion } from './Suggestion';

interface SuggestionsProps {
  /** What the `list` of the text field names. */
  readonly id: string;
  readonly suggestions: readonly Suggestion[];
}

/** The values that a text field offers. */
export function Suggestions({ id, suggestions }: SuggestionsProps) {
  return (
    <datalist id={id}>
      {suggestions.map(({ value, count }) => (
        <option key={value} value={value}>
          {count === undefined ? '' : formatNumber(count)}
        </option>
      ))}
    </datalist>
  );
}
