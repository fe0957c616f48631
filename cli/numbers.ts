import { InvalidArgumentError } from 'commander';

/** Creates the parser of an option that is a whole number between two bounds, both included. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
    return value;
  };

/** Parses an option that is a share, 0 to 1. */
export function ratio(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 1)
    throw new InvalidArgumentError('Must be a number from 0 to 1.');
  return value;
}

/** A limit as it is typed. Commander replaces null by an empty text, so that a parser cannot return null for `none`. */
export type Limit = number | 'none';

/** Extends a parser by the word `none`. */
export const orNone =
  (parse: (text: string) => number) =>
  (text: string): Limit => {
    if (text === 'none') return text;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InvalidArgumentError(error.message.replace(/\.$/, ', or none.'));
    }
  };

/** A limit as the API has it: null for none. An absent one stays absent. */
export const limitOf = (limit: Limit | undefined): number | null | undefined =>
  limit === 'none' ? null : limit;
