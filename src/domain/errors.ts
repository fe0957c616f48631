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

/** Values that cannot be used; each is named. */
export const badUserInput = (issues: readonly InputIssue[]): SwitchyardError =>
  new SwitchyardError(
    'BAD_USER_INPUT',
    issues.map(({ path, message }) => `${pathText(path)}: ${message}`).join('; '),
    issues,
  );

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
