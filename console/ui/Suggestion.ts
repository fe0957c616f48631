/** A value in use, offered while typing. */
export interface Suggestion {
  readonly value: string;
  /** How many runs have it. */
  readonly count?: number;
}
