import type { InputIssue } from './errors';

/** How deep the values of an input may be nested. */
const deepestInput = 200;

interface Waiting {
  value: unknown;
  path: InputIssue['path'];
}

const textFault = (text: string): string | null => {
  if (/\p{Surrogate}/u.test(text)) return 'holds half of a character (an unpaired surrogate)';
  return text.includes('\0') ? 'holds a NUL character' : null;
};

/**
 * What no database keeps as it is, wherever it lies in a value: text that is not whole, and values nested too deeply.
 * Looks without recursion, for the value may be deeper than the stack. Answers the first fault, or null.
 */
export function findUnsound(value: unknown, path: InputIssue['path'] = []): InputIssue | null {
  const waiting: Waiting[] = [{ value, path }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value === 'string') {
      const fault = textFault(next.value);
      if (fault !== null) return { path: next.path, message: fault };
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.path.length - path.length >= deepestInput) {
      const message = `holds values nested more than ${deepestInput} deep`;
      return { path: next.path.slice(0, path.length + 4), message };
    }
    const isList = Array.isArray(next.value);
    for (const [key, inner] of Object.entries(next.value)) {
      const fault = textFault(key);
      if (fault !== null) return { path: next.path, message: `has a name that ${fault}` };
      if (typeof inner === 'string' || (typeof inner === 'object' && inner !== null))
        waiting.push({ value: inner, path: [...next.path, isList ? Number(key) : key] });
    }
  }
  return null;
}
