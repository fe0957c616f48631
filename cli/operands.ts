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

/** Creates the parser of an option whose values are some of these names, in whatever case. */
export const collectNames =
  (names: readonly string[]) =>
  (value: string, before?: string[]): string[] => {
    const typed = collectWords(value, before).map(word => word.toUpperCase());
    if (!typed.every(name => names.includes(name)))
      throw new InvalidArgumentError(`Must be one of ${names.join(', ')}.`);
    return typed;
  };
