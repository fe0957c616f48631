/** The maximum number of digits of a number in the input: the most that Python parses into an integer by default. */
const maxNumberLength = 4300;

/** The largest double has 309 digits, so a number this short is a finite one unless it has an exponent. */
const maxFiniteLength = 300;

/** Why a number with the grammar of JSON or GraphQL is invalid; null if it is valid. */
export function numberFault(text: string): string | null {
  if (text.length > maxNumberLength) return `has more than ${maxNumberLength} digits`;
  if (text.length <= maxFiniteLength && !/[eE]/.test(text)) return null;
  // Integers are exact in most languages. Clients read a number with a fraction or an exponent as a double: this one
  // as infinity.
  const isBeyondDoubles = /[.eE]/.test(text) && !Number.isFinite(Number(text));
  return isBeyondDoubles
    ? `must be between ${-Number.MAX_VALUE} and ${Number.MAX_VALUE} where it has a fraction or an exponent`
    : null;
}

/**
 * A JSON number that JavaScript cannot print as it was written, stored as its text: `1234567890123456789`, `1.0`,
 * `1e-400`. All other numbers are plain numbers.
 */
export class ExactNumber {
  constructor(readonly text: string) {}

  /** The nearest JavaScript number; infinite for an integer of 400 digits. */
  get value(): number {
    return Number(this.text);
  }

  /** A text that no input can contain, because it has a NUL: `printJson` replaces it by the number. */
  toJSON(): string {
    return `\0${this.text}\0`;
  }

  toString(): string {
    return this.text;
  }
}

/** Whether JavaScript prints a number as it is written. */
export const isPlainNumber = (text: string): boolean => String(Number(text)) === text;

/** Parses a text with the number grammar of JSON or GraphQL. */
export const numberFrom = (text: string): number | ExactNumber =>
  isPlainNumber(text) ? Number(text) : new ExactNumber(text);
