import type { InputIssue } from './errors';
import { ExactNumber } from './exactNumber';
import type { Json } from './json';
import { mark, scanJson } from './jsonScan';
import { findInvalidText, maxInputDepth, maxInputValues } from './textIntegrity';

/**
 * Replaces the marked texts of `markNumbers` by numbers, in place. Not recursive, because the value may be deeper
 * than the stack.
 */
export function restoreNumbers(root: unknown): unknown {
  const waiting: object[] = [];
  const restored = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.startsWith(mark) ? new ExactNumber(value.slice(mark.length)) : value;
    if (typeof value === 'object' && value !== null) waiting.push(value);
    return value;
  };
  const result = restored(root);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) {
      for (let index = 0; index < next.length; index++) next[index] = restored(next[index]);
    } else {
      // The property is the object's own, even `__proto__`.
      for (const key of Object.keys(next)) {
        const value: unknown = Reflect.get(next, key);
        const restoredValue = restored(value);
        if (restoredValue !== value) Reflect.set(next, key, restoredValue);
      }
    }
  }
  return result;
}

const scanInput = (text: string, outerDepth: number) =>
  scanJson(text, { maxDepth: maxInputDepth + outerDepth, maxValues: maxInputValues });

/**
 * Prepares a JSON text for a parser of another library: numbers that it would change become marked texts, for
 * `restoreNumbers`. Values that are nested too deeply are cut, and `findInvalidText` still finds them.
 *
 * @returns null if the text has more than `maxInputValues` values.
 */
export function markNumbers(text: string, outerDepth: number): string | null {
  const { tooDeep, hasTooManyValues, marked } = scanInput(text, outerDepth);
  return hasTooManyValues ? null : (tooDeep ?? marked ?? text);
}

const parseMarked = (text: string, marked: string | null): unknown =>
  marked === null ? JSON.parse(text) : restoreNumbers(JSON.parse(marked));

/**
 * Parses JSON that this project printed, with each number as it was written.
 *
 * @throws SyntaxError for invalid JSON.
 */
export const parseJson = (text: string): Json => parseMarked(text, scanJson(text).marked) as Json;

const numberInText = '(-?\\d[\\d.eE+-]*)';
const markedNumber = new RegExp(
  `"\\\\u0000(?:${mark.slice(1)}${numberInText}|${numberInText}\\\\u0000)"`,
  'g',
);

/** Restores each number as it was written in the result of `JSON.stringify`. */
export const withExactNumbers = (printed: string): string =>
  printed.includes('\\u0000') ? printed.replace(markedNumber, '$1$2') : printed;

/** Prints a value as JSON, with each number as it was written. */
export function printJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return withExactNumbers(JSON.stringify(value, replacer) ?? 'null');
}

/** Parsed JSON from outside, or why it is invalid. */
export type ReadJson =
  | { kind: 'value'; value: unknown }
  | { kind: 'notUtf8' }
  | { kind: 'notJson' }
  | { kind: 'fault'; fault: InputIssue };

/** Escapes that may represent an unpaired surrogate or a NUL. */
const suspiciousEscape = /\\u(?:0000|d[89a-f])/i;

const tooManyValues: InputIssue = { path: [], message: `must have at most ${maxInputValues} values` };

/**
 * Parses JSON from outside, with each number as it was written. The last of duplicate names wins. The text was
 * decoded from UTF-8, so that only escapes can contain invalid characters.
 *
 * @param outerDepth the number of lists and objects around the values that `maxInputDepth` applies to.
 */
export function readJson(text: string, outerDepth = 0): ReadJson {
  const { tooDeep, hasTooManyValues, hasFaultyNumber, marked } = scanInput(text, outerDepth);
  if (hasTooManyValues) return { kind: 'fault', fault: tooManyValues };
  try {
    if (tooDeep !== null || suspiciousEscape.test(text)) {
      const fault = findInvalidText(JSON.parse(tooDeep ?? text), outerDepth);
      if (fault !== null) return { kind: 'fault', fault };
    }
    const value = parseMarked(text, marked);
    const fault = hasFaultyNumber ? findInvalidText(value, outerDepth) : null;
    return fault === null ? { kind: 'value', value } : { kind: 'fault', fault };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'notJson' };
    throw error;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes UTF-8 without a byte order mark; null if the bytes are invalid. */
function decodeUtf8(bytes: ArrayBuffer | Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Parses bytes of JSON from outside; see `readJson`. */
export function readJsonBytes(bytes: ArrayBuffer | Uint8Array, outerDepth = 0): ReadJson {
  const text = decodeUtf8(bytes);
  return text === null ? { kind: 'notUtf8' } : readJson(text, outerDepth);
}
