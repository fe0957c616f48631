import { InvalidArgumentError } from 'commander';
import { collectWords } from './collectWords';

/** Creates the parser of an id. The gateway checks it in full. */
export const idOf =
  (what: 'run' | 'operation') =>
  (text: string): string => {
    if (!/^[\da-f-]{32,36}$/i.test(text))
      throw new InvalidArgumentError(
        `Must be the id of ${what === 'run' ? 'a run' : 'an operation'}, as "switchyard ${what}s list" prints it.`,
      );
    return text;
  };

/**
 * Creates the parser of one of these names, in whatever case.
 *
 * @param advice what else the caller can do, if there is something.
 */
export const oneOf =
  (names: readonly string[], advice = '') =>
  (text: string): string => {
    const name = text.trim().toUpperCase();
    if (!names.includes(name))
      throw new InvalidArgumentError(`Must be one of ${names.join(', ')}. ${advice}`.trim());
    return name;
  };

/** Creates the parser of an option that can be repeated, and whose values are some of these names, in whatever case. */
export const collectNames = (names: readonly string[], advice?: string) => {
  const parse = oneOf(names, advice);
  return (value: string, before?: string[]): string[] => collectWords(value, before).map(parse);
};
