import type { InputIssue } from './errors';
import { ExactNumber } from './exactNumber';
import type { Json } from './json';
import { mark, scanJson } from './jsonScan';
import { findInvalidText, maxInputDepth, maxInputValues } from './textIntegrity';

/**
 * Puts numbers in the places of the texts that `markNumbers` made of them, in the value itself. Without recursion: the value
 * may be deeper than the stack.
 */
export function restoreNumbers(root: unknown): unknown {
  const waiting: object[] = [];
  const numbers = new Map<string, ExactNumber>();
  const numberOf = (marked: string): ExactNumber => {
    const known = numbers.get(marked);
    if (known !== undefined) return known;
    const number = new ExactNumber(marked.slice(mark.length));
    numbers.set(marked, number);
    return number;
  };
  const restored = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith(mark) ? numberOf(value) : value;
    if (typeof value === 'object' && value !== null) waiting.push(value);
    return value;
  };
  const result = restored(root);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) {
      for (let index = 0; index < next.length; index++) next[index] = restored(next[index]);
    } else {
      // The property is the object's own whatever its name, so that even `__proto__` is set as any other.
      for (const key of Object.keys(next)) {
        const value: unknown = Reflect.get(next, key);
        const kept = restored(value);
        if (kept !== value) Reflect.set(next, key, kept);
      }
    }
  }
  return result;
}

const scanInput = (text: string, outerDepth: number) =>
  scanJson(text, { maxDepth: maxInputDepth + outerDepth, maxValues: maxInputValues });

/**
 * A JSON text for a parser of another library: numbers that it would change are marked texts, for `restoreNumbers`. What is
 * nested too deeply is cut off, so that `findInvalidText` still finds it.
 *
 * @returns null where it has more than `maxInputValues` values.
 */
export function markNumbers(text: string, outerDepth: number): string | null {
  const { tooDeep, hasTooManyValues, marked } = scanInput(text, outerDepth);
  return hasTooManyValues ? null : (tooDeep ?? marked ?? text);
}

const parseMarked = (text: string, marked: string | null): unknown =>
  marked === null ? JSON.parse(text) : restoreNumbers(JSON.parse(marked));

/**
 * Reads JSON that this project has printed, every number as it was written.
 *
 * @throws SyntaxError where it is not JSON.
 */
export const parseJson = (text: string): Json => parseMarked(text, scanJson(text).marked) as Json;

const numberInText = '(-?\\d[\\d.eE+-]*)';
const markedNumber = new RegExp(
  `"\\\\u0000(?:${mark.slice(1)}${numberInText}|${numberInText}\\\\u0000)"`,
  'g',
);

/** What `JSON.stringify` has printed, with every number as it was written. */
export const withExactNumbers = (printed: string): string =>
  printed.includes('\\u0000') ? printed.replace(markedNumber, '$1$2') : printed;

/** Prints a value as JSON, every number as it was written. */
export function printJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  return withExactNumbers(JSON.stringify(value, replacer) ?? 'null');
}

/** JSON from outside, or why it cannot be used. */
export type ReadJson =
  | { kind: 'value'; value: unknown }
  | { kind: 'notUtf8' }
  | { kind: 'notJson' }
  | { kind: 'fault'; fault: InputIssue };

/** Escapes that may stand for half a character or a NUL. */
const suspiciousEscape = /\\u(?:0000|d[89a-f])/i;

const tooManyValues: InputIssue = { path: [], message: `must have at most ${maxInputValues} values` };

/**
 * Reads JSON from outside: every number as it was written, every name, and of names that come twice the last. The text
 * comes from UTF-8, so that only escapes can stand for what is not whole.
 *
 * @param outerDepth the lists and objects around the values that `maxInputDepth` is about.
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

/** The text that bytes are in UTF-8, without a byte order mark; null where they are not UTF-8. */
export function decodeUtf8(bytes: ArrayBuffer | Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Reads JSON from outside as `readJson` does, out of the bytes that came. */
export function readJsonBytes(bytes: ArrayBuffer | Uint8Array, outerDepth = 0): ReadJson {
  const text = decodeUtf8(bytes);
  return text === null ? { kind: 'notUtf8' } : readJson(text, outerDepth);
}

/** The JSON of a request's body; `incomplete` where its client was gone before all of it had arrived. */
export type ReadBody = ReadJson | { kind: 'empty' } | { kind: 'incomplete' };

/** Reads the body of a request as `readJsonBytes` does. */
export async function readJsonBody(
  request: { arrayBuffer(): Promise<ArrayBuffer> },
  outerDepth: number,
): Promise<ReadBody> {
  let bytes: ArrayBuffer;
  try {
    bytes = await request.arrayBuffer();
  } catch {
    return { kind: 'incomplete' };
  }
  return bytes.byteLength === 0 ? { kind: 'empty' } : readJsonBytes(bytes, outerDepth);
}
