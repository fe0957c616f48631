import { useMemo, useState } from 'preact/hooks';
import { request } from '../api/request';
import { useAction } from '../api/useAction';
import { attachedTo } from '../api/viewer';
import {
  type OperationDetailsFragment,
  RetryOperationDocument,
  type TransitionCode,
  UndoOperationDocument,
} from '../generated/graphql';
import { addressOf, navigate } from '../location/location';
import { FormField } from '../runs/act/FormField';
import { refusalAdvice, refusalError } from '../runs/act/operationRefusal';
import { TypedCountField } from '../runs/act/TypedCountField';
import { useTypedCount } from '../runs/act/useTypedCount';
import { Dialog } from '../ui/Dialog';
import { ErrorBox } from '../ui/ErrorBox';
import { countOf, formatNumber } from '../ui/formatNumber';
import { Notice } from '../ui/Notice';

interface RepeatFormProps {
  readonly kind: 'retry' | 'undo';
  readonly operation: OperationDetailsFragment;
  onClose(): void;
}

const retried: readonly string[] = ['REJECT', 'ABORT', 'WAIT'];

/** What a retry can go over: codes with their numbers of runs. */
function retryable({ outcomes }: OperationDetailsFragment): ReadonlyMap<TransitionCode, number> {
  const counts = new Map<TransitionCode, number>();
  for (const { status, code, count } of outcomes)
    if (code && (retried.includes(status) || status === 'SKIPPED'))
      counts.set(code, (counts.get(code) ?? 0) + count);
  return counts;
}

/** The codes that a retry goes over unless others are chosen: what was skipped is left out. */
const usualCodes = ({ outcomes }: OperationDetailsFragment): ReadonlySet<TransitionCode> =>
  new Set(outcomes.flatMap(({ status, code }) => (code && retried.includes(status) ? [code] : [])));

/** Retries or undoes an operation, after saying which runs that concerns. */
export function RepeatForm({ kind, operation, onClose }: RepeatFormProps) {
  const [reason, setReason] = useState('');
  const [isChecked, setChecked] = useState(false);
  const counts = retryable(operation);
  const [codes, setCodes] = useState(() => usualCodes(operation));
  // Sent again after a lost response, it creates no second operation.
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [kind, [...codes].join()]);
  const isUndo = kind === 'undo';
  const chosen = [...counts].filter(([code]) => codes.has(code));
  const count = isUndo ? operation.counts.accepted : chosen.reduce((sum, [, runs]) => sum + runs, 0);
  const typedCount = useTypedCount(count);

  const action = useAction(async () => {
    const input = { id: operation.id, reason: reason.trim(), idempotencyKey };
    const { result } = isUndo
      ? await request(UndoOperationDocument, input)
      : await request(RetryOperationDocument, { ...input, codes: chosen.map(([code]) => code) });
    if (result.__typename === 'BulkOperationRefused') throw refusalError(result);
    onClose();
    navigate(addressOf(`/operations/${result.id}`));
  });

  const verb = isUndo ? 'Undo' : 'Retry';
  return (
    <Dialog title={isUndo ? 'Undo this operation' : 'Retry what was not accepted'} onClose={onClose}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault();
          setChecked(true);
          if (reason.trim() !== '' && count > 0 && typedCount.isConfirmed) void action.run();
        }}
      >
        {isUndo ? (
          <>
            <p>
              {countOf(count, 'run')} that this operation moved {count === 1 ? 'gets' : 'get'} the previous
              state back. A run that has changed since then is left as it is (CHANGED_SINCE_OPERATION).
            </p>
            {attachedTo.value !== null && (
              <Notice kind="warning">
                The Prefect server does not restore everything: the end time becomes the time of the undo, and
                the run count and the total run time are not given back. Its automations run again for each
                state that is written. Runs that were pending, running, cancelling or paused are not moved
                back.
              </Notice>
            )}
          </>
        ) : (
          <>
            <p>
              {countOf(count, 'run')} of this operation {count === 1 ? 'is' : 'are'} decided again by the
              rules, for the same state. Others are left alone.
            </p>
            <fieldset>
              <legend class="label">Codes</legend>
              {[...counts].map(([code, runs]) => (
                <label key={code} class="check">
                  <input
                    type="checkbox"
                    checked={codes.has(code)}
                    onChange={({ currentTarget: { checked } }) =>
                      setCodes(
                        before =>
                          new Set(checked ? [...before, code] : [...before].filter(one => one !== code)),
                      )
                    }
                  />
                  <span>
                    {code} ({formatNumber(runs)})
                  </span>
                </label>
              ))}
            </fieldset>
          </>
        )}
        <FormField
          label="Reason"
          hint="Stored with the new operation."
          required
          value={reason}
          problem={isChecked && reason.trim() === '' ? 'Say why.' : undefined}
          onChange={setReason}
        />
        <TypedCountField {...typedCount} />
        <div class="actions">
          <button
            type="submit"
            class="button button-primary"
            disabled={action.isRunning || count === 0 || !typedCount.isConfirmed}
          >
            {verb}: {countOf(count, 'run')}
          </button>
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
        </div>
        <ErrorBox problem={action.problem}>{refusalAdvice[action.problem?.code ?? '']}</ErrorBox>
      </form>
    </Dialog>
  );
}
