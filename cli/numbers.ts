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
