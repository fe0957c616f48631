/** A stable code for programs. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'UNAVAILABLE'
  | 'TIMEOUT';

/** One invalid value: its path in the input and the problem. */
export interface InputIssue {
  path: readonly (string | number)[];
  message: string;
  /** The value itself is valid but conflicts with the stored data: nothing has this id, or something already has it. */
  isConflict?: true;
}

/** An error that the caller receives as it is. All other errors are masked. */
export class SwitchyardError extends Error {
  override name = 'SwitchyardError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly issues: readonly InputIssue[] = [],
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The path of a value as text: `input[3].name`. */
export const pathText = (path: InputIssue['path']): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** The maximum number of invalid values that an error names. The others are counted. */
export const maxNamedIssues = 10;
const maxPathParts = 12;
const maxPartLength = 100;
const maxMessageLength = 500;

/** Shortens a text to `length` characters and never splits a surrogate pair. */
export function shortened(text: string, length = maxMessageLength): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Shortens an issue, so that an error never grows with its input. */
export const shortIssue = ({ path, message, ...issue }: InputIssue): InputIssue => ({
  ...issue,
  path: path
    .slice(0, maxPathParts)
    .map(part => (typeof part === 'number' ? part : shortened(part, maxPartLength))),
  message: shortened(message),
});

/** Collects invalid values: the first ten, and the number of all. */
export interface IssueList {
  readonly named: readonly InputIssue[];
  readonly count: number;
  /** Adds an invalid value. `describe` is called only if the value is named. */
  add(issue: () => InputIssue): void;
}

/** Creates an empty list of invalid values. */
export function createIssueList(): IssueList {
  const named: InputIssue[] = [];
  let count = 0;
  return {
    named,
    get count() {
      return count;
    },
    add(issue) {
      count++;
      if (count <= maxNamedIssues) named.push(shortIssue(issue()));
    },
  };
}

/** The text for invalid values beyond those that are named; empty if there are none. */
export const moreIssues = (count: number): string =>
  count > maxNamedIssues ? `${count - maxNamedIssues} more` : '';

/** The error for invalid values: the first ten are named, the others counted. */
export const badUserInput = (
  issues: readonly InputIssue[],
  count: number = issues.length,
): SwitchyardError => {
  const named = issues.slice(0, maxNamedIssues).map(shortIssue);
  const words = named.map(({ path, message }) => `${pathText(path)}: ${message}`);
  if (count > maxNamedIssues) words.push(moreIssues(count));
  return new SwitchyardError('BAD_USER_INPUT', words.join('; '), named);
};

/** The error for an id that does not exist. */
export const notFound = (what: string): SwitchyardError =>
  new SwitchyardError('NOT_FOUND', `There is no ${what}.`);

/** The error for missing or invalid credentials. */
export const unauthenticated = (message: string, cause?: unknown): SwitchyardError =>
  new SwitchyardError('UNAUTHENTICATED', message, [], cause);

/** The error for a missing permission. */
export const forbidden = (message: string): SwitchyardError => new SwitchyardError('FORBIDDEN', message);

/** The error for a dependency that is unavailable. The same request may succeed later. */
export const unavailable = (message: string, cause?: unknown): SwitchyardError =>
  new SwitchyardError('UNAVAILABLE', message, [], cause);

/** The error for a request that exceeds its time limit. */
export const timeout = (message: string): SwitchyardError => new SwitchyardError('TIMEOUT', message);
