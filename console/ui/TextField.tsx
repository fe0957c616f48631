import type { Ref } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type { Suggestion } from './Suggestion';
import { Suggestions } from './Suggestions';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Values in use, offered while typing. */
  readonly suggestions?: readonly Suggestion[];
  /** Called when the field is entered and while typing, so that suggestions can follow. */
  onType?(text: string): void;
  /** Called by Enter and by leaving the field. */
  onChange(value: string): void;
}

/** A text field whose value is used once it is complete. */
export function TextField(props: TextFieldProps) {
  const { label, value, placeholder, inputRef, suggestions = [], onType, onChange } = props;
  const [text, setText] = useState(value);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const finish = () => text !== value && onChange(text);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={inputRef}
        value={text}
        placeholder={placeholder}
        autocomplete="off"
        spellcheck={false}
        list={`${id}-list`}
        onFocus={() => onType?.(text)}
        onInput={event => {
          setText(event.currentTarget.value);
          onType?.(event.currentTarget.value);
        }}
        onKeyDown={event => event.key === 'Enter' && finish()}
        onBlur={finish}
      />
      <Suggestions id={`${id}-list`} suggestions={suggestions} />
    </div>
  );
}
