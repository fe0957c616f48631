import { randomBytes } from 'node:crypto';
import { isPlainNumber, numberFault } from './exactNumber';

/** The prefix of a marked number. No external text can begin with it, because each process creates a new one. */
export const mark = `\0${randomBytes(12).toString('base64url')}:`;
const markedText = `"${mark.replace('\0', '\\u0000')}`;

/** What `JSON.parse` would lose of a text, and what may have to be rejected. */
interface JsonFacts {
  /** The text up to the first list or object that is nested too deeply, closed there; null if there is none. */
  tooDeep: string | null;
  /** Whether it has too many values. */
  hasTooManyValues: boolean;
  /** Whether it has an invalid number; see `numberFault`. */
  hasFaultyNumber: boolean;
  /** The text with marked texts in place of the numbers that JavaScript would change; null if there are none. */
  marked: string | null;
}

/** The size limits of a JSON text. */
interface JsonLimits {
  /** The maximum nesting depth of lists and objects. */
  readonly maxDepth: number;
  /** The maximum number of values, lists and objects included. */
  readonly maxValues: number;
}

const unlimited: JsonLimits = { maxDepth: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY };
const noFacts: JsonFacts = { tooDeep: null, hasTooManyValues: false, hasFaultyNumber: false, marked: null };

const quote = 34;
const plus = 43;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const nine = 57;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;
const lowerE = 101;
const upperE = 69;

const isDigit = (code: number): boolean => code >= zero && code <= nine;
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const isInNumber = (code: number): boolean =>
  isDigit(code) || code === dot || code === lowerE || code === upperE || code === plus || code === minus;

/** The index after the text that begins at `start`. */
function endOfText(json: string, start: number): number {
  let index = start + 1;
  for (let code = json.charCodeAt(index); code !== quote; code = json.charCodeAt(index)) {
    if (index >= json.length) return index;
    index += code === backslash ? 2 : 1;
  }
  return index + 1;
}

function endOfNumber(json: string, start: number): number {
  let index = start + 1;
  while (isInNumber(json.charCodeAt(index))) index++;
  return index;
}

/** A number with this many digits is always valid. */
const maxPlainDigits = 15;

/**
 * Whether JavaScript certainly prints the number between two indexes unchanged: at most fifteen digits, without
 * redundant ones.
 */
function isCertainlyPlain(json: string, start: number, end: number): boolean {
  const first = json.charCodeAt(start);
  if (end - start > maxPlainDigits || first === zero || first === minus)
    return end - start === 1 && first === zero;
  let dots = 0;
  for (let index = start + 1; index < end; index++) {
    const code = json.charCodeAt(index);
    if (code === dot) dots++;
    else if (!isDigit(code)) return false;
  }
  return dots === 0 || (dots === 1 && json.charCodeAt(end - 1) > zero);
}

/** Whether JavaScript would change the number between two indexes. False if it is no number. */
function needsText(json: string, start: number, end: number): boolean {
  if (isCertainlyPlain(json, start, end)) return false;
  const number = json.slice(start, end);
  return !isPlainNumber(number) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(number);
}

/** A name must be a text: a number in its place must stay a syntax error. */
function isName(json: string, end: number): boolean {
  let index = end;
  while (isSpace(json.charCodeAt(index))) index++;
  return json.charCodeAt(index) === colon;
}

/** Scans a JSON text once, up to its end or a limit. The result for invalid JSON is meaningless. */
export function scanJson(json: string, { maxDepth, maxValues }: JsonLimits = unlimited): JsonFacts {
  const closers: string[] = [];
  let hasFaultyNumber = false;
  let values = 1;
  let marked = '';
  let copied = 0;
  for (let index = 0; index < json.length; ) {
    const code = json.charCodeAt(index);
    if (code === quote) {
      index = endOfText(json, index);
    } else if (isDigit(code) || code === minus) {
      const end = endOfNumber(json, index);
      if (needsText(json, index, end) && !isName(json, end)) {
        const number = json.slice(index, end);
        marked += `${json.slice(copied, index)}${markedText}${number}"`;
        copied = end;
        hasFaultyNumber ||= numberFault(number) !== null;
      }
      index = end;
    } else {
      if (code === openBrace || code === openBracket) {
        closers.push(code === openBrace ? '}' : ']');
        if (closers.length > maxDepth)
          return { ...noFacts, tooDeep: json.slice(0, index + 1) + closers.reverse().join('') };
        values++;
      } else if (code === comma) values++;
      else if (code === closeBrace || code === closeBracket) closers.pop();
      if (values > maxValues) return { ...noFacts, hasTooManyValues: true };
      index++;
    }
  }
  return {
    tooDeep: null,
    hasTooManyValues: false,
    hasFaultyNumber,
    marked: copied === 0 ? null : marked + json.slice(copied),
  };
}
