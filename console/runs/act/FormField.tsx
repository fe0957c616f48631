import { useId } from 'preact/hooks';

interface FormFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly problem?: string;
  readonly inputMode?: 'numeric' | 'decimal';
  readonly required?: boolean;
  onChange(value: string): void;
}

/** A labelled text field with what is wrong with it below. */
export function FormField({ label, hint, value, problem, inputMode, required, onChange }: FormFieldProps) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        value={value}
        inputMode={inputMode}
        required={required}
        autocomplete="off"
        aria-invalid={problem !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onInput={event => onChange(event.currentTarget.value)}
      />
      {note !== undefined && (
        <p id={`${id}-note`} class={problem === undefined ? 'field-hint' : 'field-problem'}>
          {note}
        </p>
      )}
    </div>
  );
}
