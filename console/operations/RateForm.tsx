import { useId, useState } from 'preact/hooks';
import type { Action } from '../api/useAction';
import { whyForbidden } from '../api/viewer';
import type { OperationRowFragment } from '../generated/graphql';
import type { Command } from './useSteering';

interface RateFormProps {
  readonly operation: OperationRowFragment;
  readonly steering: Action<[command: Command]>;
}

/** Changes the rate of an operation. */
export function RateForm({ operation, steering }: RateFormProps) {
  const current = operation.runsPerSecond ?? null;
  const [text, setText] = useState<string | null>(null);
  const id = useId();
  const typed = text ?? (current === null ? '' : String(current));
  const isRight = typed.trim() === '' || (/^\d+$/.test(typed.trim()) && Number(typed) >= 1);
  const wanted = typed.trim() === '' ? null : Number(typed);
  const forbidden = whyForbidden('operate');
  return (
    <form
      class="rate-form"
      onSubmit={event => {
        event.preventDefault();
        if (!isRight || wanted === current) return;
        void steering.run({ name: 'rate', runsPerSecond: wanted }).then(() => setText(null));
      }}
    >
      <label for={id}>Runs per second</label>
      <input
        id={id}
        inputMode="numeric"
        autocomplete="off"
        placeholder="no limit"
        value={typed}
        aria-invalid={!isRight}
        aria-describedby={isRight ? undefined : `${id}-problem`}
        onInput={event => setText(event.currentTarget.value)}
      />
      <button
        type="submit"
        class="button"
        disabled={!isRight || wanted === current || steering.isRunning || forbidden !== null}
        title={forbidden ?? undefined}
      >
        Set rate
      </button>
      {!isRight && (
        <span id={`${id}-problem`} class="field-problem">
          Must be a whole number from 1 on; empty for no limit.
        </span>
      )}
    </form>
  );
}
