import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** A key and what it does. No key alone changes anything on the gateway. */
interface KeyBinding {
  /** As in `KeyboardEvent.key`. */
  readonly key: string;
  readonly meaning: string;
  act(): void;
}

/** The bindings of what is on the page, for the help dialog. */
export const bindings = signal<readonly KeyBinding[]>([]);

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio])'));

window.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector('dialog[open]') !== null) return;
  if (isTyping(event.target) && event.key !== 'Escape') return;
  // The innermost component binds last.
  const binding = bindings.value.findLast(({ key }) => key === event.key);
  if (binding === undefined) return;
  event.preventDefault();
  binding.act();
});

/** Binds keys while the component is there. Neither a key in a text field nor one with Ctrl, Alt or Meta acts. */
export function useKeys(own: readonly KeyBinding[]): void {
  const newest = useRef(own);
  newest.current = own;
  const shape = own.map(({ key }) => key).join(' ');
  useEffect(() => {
    const bound = newest.current.map(({ key, meaning }, index) => ({
      key,
      meaning,
      act: () => newest.current[index]?.act(),
    }));
    bindings.value = [...bindings.value, ...bound];
    return () => {
      bindings.value = bindings.value.filter(binding => !bound.includes(binding));
    };
  }, [shape]);
}
