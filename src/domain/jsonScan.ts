import { randomUUID } from 'node:crypto';
import { isPlainNumber, maxNumberLength } from './exactNumber';

/** The numbers of one input that may have to be held by their text: each takes time and memory. */
export const maxExactNumbers = 100_000;

/** Begins the text that marks a number. No text from outside can begin like it: it is new in each process. */
export const mark = `\0${randomUUID()}:`;
const markInJson = mark.replace('\0', '\\u0000');

/** What a JSON text holds that `JSON.parse` would lose or that may have to be refused. */
export interface JsonFacts {
  /** The text up to the first list or object that is nested too deeply, ended there; null where there is none. */
  tooDeep: string | null;
  /** Whether a number has more digits than it may have. */
  hasLongNumber: boolean;
  /** Whether it has more numbers that must be held by their text than it may have. */
  hasTooManyExactNumbers: boolean;
  /** The text with each number that JavaScript would change as a marked text; null where there is none. */
  marked: string | null;
}

const quote = 34;
const plus = 43;
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

/** The index behind the text that begins at `start`. */
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

/** So many digits always fit. */
const maxPlainDigits = 15;

/** Whether JavaScript certainly prints the number between two indexes as it is: up to fifteen digits, none of them idle. */
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

/** Whether the number between two indexes is one that JavaScript would change. Of what is no number: no. */
function needsText(json: string, start: number, end: number): boolean {
  if (isCertainlyPlain(json, start, end)) return false;
  const number = json.slice(start, end);
  return !isPlainNumber(number) && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(number);
}

/** A name is always a text: a number in its place must stay the fault that it is. */
function isName(json: string, end: number): boolean {
  let index = end;
  while (isSpace(json.charCodeAt(index))) index++;
  return json.charCodeAt(index) === colon;
}

/** Reads a JSON text once, from its beginning to its end. Of a text that is no JSON, the facts mean nothing. */
export function scanJson(json: string, maxDepth = Number.POSITIVE_INFINITY): JsonFacts {
  const closers: string[] = [];
  let hasLongNumber = false;
  const marked: string[] = [];
  let copied = 0;
  let exactNumbers = 0;
  for (let index = 0; index < json.length; ) {
    const code = json.charCodeAt(index);
    if (code === quote) {
      index = endOfText(json, index);
    } else if (isDigit(code) || code === minus) {
      const end = endOfNumber(json, index);
      if (needsText(json, index, end) && !isName(json, end)) {
        marked.push(json.slice(copied, index), '"', markInJson, json.slice(index, end), '"');
        copied = end;
        exactNumbers++;
        hasLongNumber ||= end - index > maxNumberLength;
      }
      index = end;
    } else {
      if (code === openBrace || code === openBracket) {
        closers.push(code === openBrace ? '}' : ']');
        if (closers.length > maxDepth) {
          const tooDeep = json.slice(0, index + 1) + closers.reverse().join('');
          return { tooDeep, hasLongNumber: false, hasTooManyExactNumbers: false, marked: null };
        }
      } else if (code === closeBrace || code === closeBracket) closers.pop();
      index++;
    }
  }
  return {
    tooDeep: null,
    hasLongNumber,
    hasTooManyExactNumbers: exactNumbers > maxExactNumbers,
    marked: exactNumbers === 0 ? null : marked.join('') + json.slice(copied),
  };
}
