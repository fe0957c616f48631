import { useId } from 'preact/hooks';
import { formatNumber } from '../../ui/formatNumber';
import type { TypedCount } from './useTypedCount';

/** The field in which a large number of runs is typed; nothing for a small one. */
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
        onInput={event => type(event.currentTarget.value)}
      />
    </div>
  );
}
