/** What went wrong with a call, for people. */
export interface Problem {
  /** The code of the gateway, `LOST` if it cannot be reached, or `CONSOLE` for an error of the page itself. */
  readonly code: string;
  readonly message: string;
  /** The fields of the input that are wrong. */
  readonly issues: readonly string[];
}

/** The gateway cannot be reached. */
export const lostProblem: Problem = { code: 'LOST', message: 'The gateway cannot be reached.', issues: [] };

/** A call that failed, with what is known about why. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** A GraphQL error as it arrives. */
export interface WireError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly issues?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  };
}

/** The first of the errors of a response. */
export function problemOfErrors(errors: readonly WireError[]): Problem {
  const [first] = errors;
  const issues = first?.extensions?.issues ?? [];
  return {
    code: first?.extensions?.code ?? 'INTERNAL_ERROR',
    message: first?.message ?? 'The gateway reports an error without a message.',
    issues: issues
      .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
      .filter(issue => issue !== first?.message),
  };
}

/** The problem behind anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof GatewayError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'CONSOLE', message, issues: [] };
}

const advice: Readonly<Record<string, string>> = {
  LOST: 'What you typed stays here. The console tries again by itself.',
  UNAUTHENTICATED: 'Enter another key or token.',
  FORBIDDEN: 'Ask for a key with this scope, and sign in with it.',
  BAD_USER_INPUT: 'Correct the input, then try again.',
  UNAVAILABLE: 'Wait some seconds, then try again.',
  TIMEOUT: 'Narrow the filter, or try again when the gateway has less to do.',
  INTERNAL_ERROR: 'Try again. If it stays, the log of the gateway has the cause.',
  CONSOLE: 'Load the page again.',
};

/** What the reader can do about a problem. */
export const adviceFor = ({ code }: Problem): string => advice[code] ?? 'Correct it, then try again.';
