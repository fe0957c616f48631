/** The exit codes of the program. */
export const exitCodes = {
  success: 0,
  failure: 1,
  usage: 2,
  notAuthorised: 4,
  /** An operation ended, and some of its runs were not accepted. */
  notAccepted: 5,
} as const;

/** Ends the program with a message on stderr and an exit code. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failure,
  ) {
    super(message);
  }
}

/** The command line is invalid. Nothing was sent. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}

/** No gateway responds at the address, or the one there cannot serve the request now. */
export class UnreachableError extends CommandError {
  override readonly name = 'UnreachableError';
}
