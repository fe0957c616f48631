import { useId } from 'preact/hooks';
import { countOf, formatNumber } from '../../ui/formatNumber';
import type { TypedCount } from './useTypedCount';

/** The field in which a large number of runs is typed, with what is wrong with it below; nothing for a small one. */
export function TypedCountField({ count, mustType, typed, isWrong, type }: TypedCount) {
  const id = useId();
  if (!mustType) return null;
  return (
    <div class="field">
      <label for={id}>Type the number of runs, {formatNumber(count)}, to confirm it</label>
      <input
        id={id}
        inputMode="numeric"
        autocomplete="off"
        value={typed}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-problem` : undefined}
        onInput={event => type(event.currentTarget.value)}
      />
      {isWrong && (
        <p id={`${id}-problem`} class="field-problem">
          These are {countOf(count, 'run')}, not {typed}. Type {formatNumber(count)} if you mean them all;
          else choose other runs.
        </p>
      )}
    </div>
  );
}
