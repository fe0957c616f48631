import type { ActForm, FormProblems } from './actForm';
import { FormField } from './FormField';

interface BrakeFieldsProps {
  readonly form: ActForm;
  readonly problems: FormProblems;
  onChange(part: Partial<ActForm>): void;
}

/** What slows the operation down or stops it for a look; folded away until it is needed. */
export function BrakeFields({ form, problems, onChange }: BrakeFieldsProps) {
  const hasProblem = Boolean(problems.runsPerSecond ?? problems.canary ?? problems.failurePercent);
  return (
    <details open={hasProblem || undefined}>
      <summary>Brakes, subflows and waits</summary>
      <div class="act-group">
        <FormField
          label="Runs per second"
          hint="Empty: as fast as possible. It can be changed while it runs."
          inputMode="numeric"
          value={form.runsPerSecond}
          problem={problems.runsPerSecond}
          onChange={runsPerSecond => onChange({ runsPerSecond })}
        />
        <FormField
          label="Canary"
          hint="Pauses after this many runs, for a review."
          inputMode="numeric"
          value={form.canary}
          problem={problems.canary}
          onChange={canary => onChange({ canary })}
        />
        <FormField
          label="Pause above % failures"
          hint="Of the last 100 decided runs."
          inputMode="decimal"
          value={form.failurePercent}
          problem={problems.failurePercent}
          onChange={failurePercent => onChange({ failurePercent })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={form.includeSubflows}
            onChange={event => onChange({ includeSubflows: event.currentTarget.checked })}
          />
          <span>Also move unfinished subflow runs below the matching runs</span>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={form.retryWaits}
            onChange={event => onChange({ retryWaits: event.currentTarget.checked })}
          />
          <span>Try runs that must wait again when their delay is over</span>
        </label>
      </div>
    </details>
  );
}
