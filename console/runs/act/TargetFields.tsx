import { useId } from 'preact/hooks';
import type { StateType } from '../../generated/graphql';
import { fromTimeInput, toTimeInput } from '../../ui/formatTime';
import { zone, zoneName } from '../../ui/zone';
import type { ActForm } from './actForm';
import { FormField } from './FormField';

/** What proposing a state of each type does, for those who choose. */
const targets: readonly (readonly [type: StateType, words: string])[] = [
  ['SCHEDULED', 'Run again or later (Scheduled)'],
  ['CANCELLING', 'Stop (Cancelling, then Cancelled)'],
  ['CANCELLED', 'Mark as Cancelled'],
  ['PAUSED', 'Pause (Paused)'],
  ['RUNNING', 'Resume (Running)'],
  ['PENDING', 'Mark as Pending'],
  ['COMPLETED', 'Mark as Completed'],
  ['FAILED', 'Mark as Failed'],
  ['CRASHED', 'Mark as Crashed'],
];

interface TargetFieldsProps {
  readonly form: ActForm;
  onChange(part: Partial<ActForm>): void;
}

/** The state that the runs are to get. */
export function TargetFields({ form, onChange }: TargetFieldsProps) {
  const id = useId();
  const isUtc = zone.value === 'utc';
  return (
    <>
      <div class="field">
        <label for={`${id}-type`}>Target state</label>
        <select
          id={`${id}-type`}
          value={form.type}
          onChange={event => {
            const [type] = targets.find(([name]) => name === event.currentTarget.value) ?? [];
            if (type !== undefined) onChange({ type });
          }}
        >
          {targets.map(([type, words]) => (
            <option key={type} value={type}>
              {words}
            </option>
          ))}
        </select>
      </div>
      {form.type === 'SCHEDULED' && (
        <div class="field">
          <label for={`${id}-time`}>Not before ({zoneName(zone.value)})</label>
          <input
            id={`${id}-time`}
            type="datetime-local"
            value={form.scheduledTime === null ? '' : toTimeInput(form.scheduledTime, isUtc)}
            onChange={event => onChange({ scheduledTime: fromTimeInput(event.currentTarget.value, isUtc) })}
          />
          <p class="field-hint">Empty: at once.</p>
        </div>
      )}
      <details>
        <summary>Name of the state</summary>
        <div class="act-group">
          <FormField
            label="State name"
            hint="Empty: the usual name of the type."
            value={form.name}
            onChange={name => onChange({ name })}
          />
        </div>
      </details>
    </>
  );
}
