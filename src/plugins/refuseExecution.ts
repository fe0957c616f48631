import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Looks at an operation with its variables before it is begun, and answers why it is refused; null: it is not. */
export type CheckOperation = (operation: ExecutionArgs) => string | null;

/** A plugin that refuses operations, of every kind, by what their document and variables say together. */
export function refuseExecution(check: CheckOperation): Plugin {
  const resultOf = (operation: ExecutionArgs) => {
    const message = check(operation);
    if (message === null) return null;
    const extensions = { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } };
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
