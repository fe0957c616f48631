import type { InputIssue } from './errors';
import { ExactNumber, numberFault } from './exactNumber';

/** The maximum nesting depth of lists and objects in an argument, a variable, or a field of a REST body. */
export const maxInputDepth = 200;

/** The maximum number of values in a request body, lists and objects included: each costs time and memory. */
export const maxInputValues = 100_000;

/** The maximum length of the path to a value that is nested too deeply. */
const namedDepth = 5;

/** A list or an object that is being read, and the position in it. */
interface Level {
  readonly items: readonly unknown[];
  /** null for a list. */
  readonly names: readonly string[] | null;
  next: number;
}

const textFault = (text: string): string | null => {
  if (/\p{Surrogate}/u.test(text)) return 'holds half of a character (an unpaired surrogate)';
  return text.includes('\0') ? 'holds a NUL character' : null;
};

const leafFault = (value: unknown): string | null => {
  if (typeof value === 'string') return textFault(value);
  return value instanceof ExactNumber ? numberFault(value.text) : null;
};

function levelOf(value: unknown): Level | null {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return null;
  return Array.isArray(value)
    ? { items: value, names: null, next: 0 }
    : { items: Object.values(value), names: Object.keys(value), next: 0 };
}

/** The path of the last item. */
const pathOf = (levels: readonly Level[]): InputIssue['path'] =>
  levels.map(({ names, next }) => names?.[next - 1] ?? next - 1);

/**
 * Finds what cannot be stored or what clients cannot read: invalid text and numbers, and values that are nested too
 * deeply. Not recursive, because the value may be deeper than the stack.
 *
 * @param outerDepth the number of lists and objects around the values that `maxInputDepth` applies to.
 * @returns the first problem, or null.
 */
export function findInvalidText(root: unknown, outerDepth = 0): InputIssue | null {
  const fault = leafFault(root);
  if (fault !== null) return { path: [], message: fault };
  const top = levelOf(root);
  const levels = top === null ? [] : [top];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    if (level.next >= level.items.length) {
      levels.pop();
      continue;
    }
    const item = level.items[level.next];
    const name = level.names?.[level.next];
    level.next++;
    const nameFault = name === undefined ? null : textFault(name);
    if (nameFault !== null)
      return { path: pathOf(levels.slice(0, -1)), message: `has a name that ${nameFault}` };
    const itemFault = leafFault(item);
    if (itemFault !== null) return { path: pathOf(levels), message: itemFault };
    const inner = levelOf(item);
    if (inner === null) continue;
    if (levels.length >= maxInputDepth + outerDepth) {
      const message = `holds values nested more than ${maxInputDepth} deep`;
      return { path: pathOf(levels.slice(0, namedDepth)), message };
    }
    levels.push(inner);
  }
  return null;
}
