/** `36 s`, or `15 min` from 90 seconds on. */
export const secondsInWords = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
