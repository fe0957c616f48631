/** What went wrong, in a word that programs may rely on. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'UNAVAILABLE'
  | 'TIMEOUT';

/** One wrong value: where it stands in the input, and what is wrong with it. */
export interface InputIssue {
  path: readonly (string | number)[];
  message: string;
  /** Nothing is wrong with the value itself, but with what there is: nothing has this id, or something has it already. */
  isConflict?: true;
}

/** An error that the caller is told of as it is. Every other error is masked. */
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

/** The path of a value as people write it: `input[3].name`. */
export const pathText = (path: InputIssue['path']): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

/** How many wrong values an error names. The others are counted. */
export const maxNamedIssues = 10;
const maxPathParts = 12;
const maxPartLength = 100;
const maxMessageLength = 500;

/** A text no longer than so many characters, which never ends in half of one. */
export function shortened(text: string, length = maxMessageLength): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** An issue that is short however long what it is about: an error must not grow with its input. */
export const shortIssue = ({ path, message, ...issue }: InputIssue): InputIssue => ({
  ...issue,
  path: path
    .slice(0, maxPathParts)
    .map(part => (typeof part === 'number' ? part : shortened(part, maxPartLength))),
  message: shortened(message),
});

/** Wrong values as they are found: the first of them, and how many there are. */
export interface IssueList {
  readonly named: readonly InputIssue[];
  readonly count: number;
  /** Adds a wrong value; what is wrong with it is made only where it is named. */
  add(issue: () => InputIssue): void;
}

/** An empty list of wrong values. */
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

/** Says how many wrong values there are beside those that are named; empty where there are none. */
export const moreIssues = (count: number): string =>
  count > maxNamedIssues ? `${count - maxNamedIssues} more` : '';

/** Values that cannot be used: the first ten are named, the others counted. */
export const badUserInput = (
  issues: readonly InputIssue[],
  count: number = issues.length,
): SwitchyardError => {
  const named = issues.slice(0, maxNamedIssues).map(shortIssue);
  const words = named.map(({ path, message }) => `${pathText(path)}: ${message}`);
  if (count > maxNamedIssues) words.push(moreIssues(count));
  return new SwitchyardError('BAD_USER_INPUT', words.join('; '), named);
};

/** What was asked for by its id does not exist. */
export const notFound = (what: string): SwitchyardError =>
  new SwitchyardError('NOT_FOUND', `There is no ${what}.`);

/** Nobody said who asks, or what they said does not hold. */
export const unauthenticated = (message: string, cause?: unknown): SwitchyardError =>
  new SwitchyardError('UNAUTHENTICATED', message, [], cause);

/** Who asks may not do this. */
export const forbidden = (message: string): SwitchyardError => new SwitchyardError('FORBIDDEN', message);

/** Something that is needed cannot be reached now; the same request may succeed later. */
export const unavailable = (message: string, cause?: unknown): SwitchyardError =>
  new SwitchyardError('UNAVAILABLE', message, [], cause);

/** The request took longer than it may. */
export const timeout = (message: string): SwitchyardError => new SwitchyardError('TIMEOUT', message);
