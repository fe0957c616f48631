/** Parses an option that can be repeated, and whose value can be several words with commas between them. */
export const collectWords = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(','),
];
