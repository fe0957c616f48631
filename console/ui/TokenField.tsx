import { useId, useState } from 'preact/hooks';
import { Icon } from './Icon';
import type { Suggestion } from './Suggestion';
import { Suggestions } from './Suggestions';
import './TokenField.css';

interface TokenFieldProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly placeholder?: string;
  /** Values in use, offered while typing. */
  readonly suggestions?: readonly Suggestion[];
  /** The values in a text that was typed or pasted; one by default. */
  split?(text: string): readonly string[];
  /** Why a value cannot be used; null if it can. */
  problemWith?(value: string): string | null;
  /** Called when the field is entered and while typing, so that suggestions can follow. */
  onType?(text: string): void;
  onChange(values: readonly string[]): void;
}

const maxShown = 3;

/** A text field for several values. Enter or leaving it adds what was typed; Backspace in an empty field removes the last one. */
export function TokenField(props: TokenFieldProps) {
  const { label, values, placeholder, suggestions = [], onChange, onType } = props;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const split = props.split ?? (typed => [typed]);

  const type = (typed: string) => {
    setText(typed);
    setProblem(null);
    onType?.(typed);
  };
  const add = (typed: string) => {
    const added = split(typed.trim()).filter(value => value !== '');
    if (added.length === 0) return;
    const wrong = added.map(value => props.problemWith?.(value) ?? null).find(found => found !== null);
    if (wrong !== undefined) {
      setProblem(wrong);
      return;
    }
    type('');
    onChange([...new Set([...values, ...added])]);
  };
  const remove = (value: string) => onChange(values.filter(other => other !== value));
  const shown = values.slice(0, maxShown);

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="tokens" aria-invalid={problem !== null}>
        {shown.map(value => (
          <span key={value} class="token">
            <span class="token-text" title={value}>
              {value}
            </span>
            <button type="button" aria-label={`Remove ${label} ${value}`} onClick={() => remove(value)}>
              <Icon name="cross" />
            </button>
          </span>
        ))}
        {values.length > maxShown && (
          <span class="token">
            <span class="token-text">+{values.length - maxShown} more</span>
            <button
              type="button"
              aria-label={`Remove ${values.length - maxShown} more of ${label}`}
              onClick={() => onChange(shown)}
            >
              <Icon name="cross" />
            </button>
          </span>
        )}
        <input
          id={id}
          list={`${id}-list`}
          value={text}
          placeholder={values.length === 0 ? placeholder : undefined}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`}
          onInput={event => {
            const typed = event.currentTarget.value;
            type(typed);
            // Chosen from the list, it is complete.
            if (event instanceof InputEvent && event.inputType === 'insertReplacementText') add(typed);
          }}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              add(text);
            }
            const last = values.at(-1);
            if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last);
          }}
          onFocus={() => onType?.(text)}
          onBlur={() => add(text)}
        />
        <Suggestions id={`${id}-list`} suggestions={suggestions} />
      </div>
      {problem !== null && (
        <p class="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
