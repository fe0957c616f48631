/** The choices of "in the last ...", by their names in the address, in seconds. */
export const timePresets = {
  '15m': { seconds: 900, words: '15 minutes' },
  '1h': { seconds: 3600, words: 'hour' },
  '6h': { seconds: 6 * 3600, words: '6 hours' },
  '12h': { seconds: 12 * 3600, words: '12 hours' },
  '24h': { seconds: 24 * 3600, words: '24 hours' },
  '3d': { seconds: 3 * 86_400, words: '3 days' },
  '7d': { seconds: 7 * 86_400, words: '7 days' },
  '30d': { seconds: 30 * 86_400, words: '30 days' },
} as const;

/** The name of a choice. */
export type TimePreset = keyof typeof timePresets;

/** Whether a text is the name of a choice. */
export const isTimePreset = (text: string): text is TimePreset => Object.hasOwn(timePresets, text);

/** Where "in the last ..." begins. */
export const startOf = (preset: TimePreset, now: Date): Date =>
  new Date(now.getTime() - timePresets[preset].seconds * 1000);
