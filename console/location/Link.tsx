import type { ComponentChildren, JSX } from 'preact';
import { navigate } from './location';

interface LinkProps extends Omit<JSX.IntrinsicElements['a'], 'href' | 'role'> {
  /** From `addressOf`. */
  readonly to: string;
  readonly children?: ComponentChildren;
}

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** A link to another view. Every other click than a plain one is the browser's. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={to}
      onClick={event => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
