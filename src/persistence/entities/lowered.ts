/** Lower case code point by code point, so that a letter's place in a word does not matter. */
export const lowered = (text: string): string => Array.from(text, letter => letter.toLowerCase()).join('');

const beyondAscii = /[^\0-\x7f]/;

/**
 * Lower case of what databases would lower each in its own way; null for ASCII, which all of them lower alike. Most texts
 * then need no second copy. `loweredText` reads it.
 */
export const loweredBeyondAscii = (text: string | null): string | null =>
  text !== null && beyondAscii.test(text) ? lowered(text) : null;

/** The SQL expression of a column's text in lower case, where a second column holds what is not ASCII. */
export const loweredText = (column: string, loweredColumn: string): string =>
  `COALESCE(${loweredColumn}, LOWER(${column}))`;
