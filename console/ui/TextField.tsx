import type { Ref } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Called by Enter and by leaving the field. */
  onChange(value: string): void;
}

/** A text field whose value is used once it is complete. */
export function TextField({ label, value, placeholder, inputRef, onChange }: TextFieldProps) {
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
        onInput={event => setText(event.currentTarget.value)}
        onKeyDown={event => event.key === 'Enter' && finish()}
        onBlur={finish}
      />
    </div>
  );
}
