import { z } from 'zod';
import { ExactNumber } from '../domain/exactNumber';

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof ExactNumber) return 'a number';
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return 'too large';
  return kinds[typeof value] ?? typeof value;
};

const units: Readonly<Record<string, string>> = { array: ' items', string: ' characters' };

/** The text of a bound: `must have at most 255 characters`, `must be at least 1`. */
function boundedBy(how: string, bound: number | bigint, origin: string): string {
  const unit = units[origin];
  return unit === undefined ? `must be ${how} ${bound}` : `must have ${how} ${bound}${unit}`;
}

/** The message for an invalid value whose check defines none; undefined to use the one of zod. */
function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' && typeof issue.input === 'number'
        ? 'must be a whole number'
        : `must be ${kinds[issue.expected] ?? issue.expected}, and is ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return boundedBy(issue.inclusive === false ? 'less than' : 'at most', issue.maximum, issue.origin);
    case 'too_small':
      return boundedBy(issue.inclusive === false ? 'more than' : 'at least', issue.minimum, issue.origin);
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    default:
      return undefined;
  }
}

z.config({ customError: wordsFor });
