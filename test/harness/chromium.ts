import { findOnPath } from '../databases/commands';

/** Chromium without windows: it shows a page for a third of the processor time that a whole browser takes. */
export const headlessShell = 'chromium-headless-shell';

const names = [headlessShell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The full path of a Chromium or Chrome that browser tests can drive, or null where there is none. */
export function findChromium(): string | null {
  for (const name of names) {
    const path = findOnPath(name);
    if (path !== null) return path;
  }
  return null;
}
