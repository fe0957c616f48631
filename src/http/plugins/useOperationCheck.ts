import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput, type IssueList } from '../../domain/errors';

/** Checks an operation with its variables before execution. Returns the reason to reject it, or the invalid values. */
type CheckOperation = (operation: ExecutionArgs) => string | IssueList | null;

/** Creates a plugin that rejects operations by their document and variables. */
export function useOperationCheck(check: CheckOperation): Plugin {
  const resultOf = (operation: ExecutionArgs) => {
    const fault = check(operation);
    if (fault === null || (typeof fault !== 'string' && fault.count === 0)) return null;
    const { message, issues } =
      typeof fault === 'string' ? { message: fault, issues: [] } : badUserInput(fault.named, fault.count);
    const extensions = {
      code: 'BAD_USER_INPUT',
      ...(issues.length > 0 && { issues }),
      http: { status: 400, spec: true },
    };
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
