type Part = 'body' | 'path' | 'query';

/** One wrong value, as the reference's framework words it: its path, the message, and the kind of error. */
export interface Problem {
  loc: readonly [Part, ...(string | number)[]];
  msg: string;
  type: string;
}

/** A request whose values cannot be used. */
export class UnusableRequest extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super('The request cannot be used.');
  }
}
