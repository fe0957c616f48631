import { signal } from '@preact/signals';

/** What the live region reads out. */
export const announcement = signal('');

/** Has a text read out by screen readers, for what happens without the focus being there. */
export function announce(text: string): void {
  // The same text again would not be read.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}
