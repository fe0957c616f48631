import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput, type InputIssue } from '../domain/errors';

/**
 * Looks at an operation with its variables before it is begun, and answers why it is refused, or which value is wrong;
 * null: it is not refused.
 */
export type CheckOperation = (operation: ExecutionArgs) => string | InputIssue | null;

/** A plugin that refuses operations, of every kind, by what their document and variables say together. */
export function refuseExecution(check: CheckOperation): Plugin {
  const resultOf = (operation: ExecutionArgs) => {
    const fault = check(operation);
    if (fault === null) return null;
    const message = typeof fault === 'string' ? fault : badUserInput([fault]).message;
    const issues = typeof fault === 'string' ? {} : { issues: [fault] };
    const extensions = { code: 'BAD_USER_INPUT', ...issues, http: { status: 400, spec: true } };
    return { errors: [new GraphQLError(message, { extensions })] };
  };
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const result = resultOf(args);
      if (result) setResultAndStopExecution(result);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const result = resultOf(args);
      if (result) setResultAndStopExecution(result);
    },
  };
}
