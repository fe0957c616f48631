/** The digits that one number in the input may have: the most that Python reads into an integer by default. */
export const maxNumberLength = 4300;

/** Why a number of JSON's or GraphQL's grammar cannot be used; null where it can. */
export function numberFault(text: string): string | null {
  if (text.length > maxNumberLength) return `has more than ${maxNumberLength} digits`;
  // Integers are exact in most languages. With a fraction or an exponent, clients read a number as a double: as infinity here.
  const isBeyondDoubles = /[.eE]/.test(text) && !Number.isFinite(Number(text));
  return isBeyondDoubles
    ? `must be between ${-Number.MAX_VALUE} and ${Number.MAX_VALUE} where it has a fraction or an exponent`
    : null;
}

/**
 * A JSON number that JavaScript cannot print again as it was written, held by its text: `1234567890123456789`, `1.0`,
 * `1e-400`. All other numbers are plain ones.
 */
export class ExactNumber {
  constructor(readonly text: string) {}

  /** The nearest number that JavaScript has; infinite for an integer of 400 digits. */
  get value(): number {
    return Number(this.text);
  }

  /** A text that no input can hold, for a NUL is refused there: `printJson` replaces it by the number. */
  toJSON(): string {
    return `\0${this.text}\0`;
  }

  toString(): string {
    return this.text;
  }
}

/** Whether JavaScript prints a number as it is written here. */
export const isPlainNumber = (text: string): boolean => String(Number(text)) === text;

/** The number that a text of JSON's or GraphQL's number grammar stands for. */
export const numberFrom = (text: string): number | ExactNumber =>
  isPlainNumber(text) ? Number(text) : new ExactNumber(text);
