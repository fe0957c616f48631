import { signal } from '@preact/signals';

/** The zone in which times are shown and typed. */
export type Zone = 'local' | 'utc';

const storageKey = 'switchyard.zone';

/** The chosen zone. */
export const zone = signal<Zone>(localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local');

/** Chooses the zone, for this browser. */
export function chooseZone(chosen: Zone): void {
  zone.value = chosen;
  localStorage.setItem(storageKey, chosen);
}

/** The name of the zone, for titles and labels: `UTC`, or for example `Europe/Berlin`. */
export const zoneName = (chosen: Zone): string =>
  chosen === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
