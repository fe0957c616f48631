import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { SwitchyardError } from '../../domain/errors';
import type { Context } from '../context';

/** The code of an error, which clients see later. */
const codeOf = ({ extensions, originalError }: GraphQLError): unknown =>
  originalError instanceof SwitchyardError ? originalError.code : (extensions?.code ?? 'INTERNAL_ERROR');

const codesIn = ({ errors = [] }: ExecutionResult): unknown[] => errors.map(codeOf);

const mutationIn = ({ document, operationName }: ExecutionArgs): OperationDefinitionNode | null => {
  const operation = getOperationAST(document, operationName);
  return operation?.operation === OperationTypeNode.MUTATION ? operation : null;
};

/** Logs one line for each mutation that was executed: who sent it, its fields, and the codes of its errors. */
export const useMutationLog = (): Plugin<Context> => ({
  onExecute({ args }) {
    const operation = mutationIn(args);
    if (operation === null) return undefined;
    const { actor, services } = args.contextValue;
    const fields = operation.selectionSet.selections.map(selection =>
      selection.kind === Kind.FIELD ? selection.name.value : '...',
    );
    return {
      onExecuteDone({ result }) {
        if (isAsyncIterable(result)) return;
        const codes = codesIn(result);
        services.reportEvent('a mutation was executed', {
          actor: actor.name,
          fields,
          ...(codes.length > 0 && { errors: codes }),
        });
      },
    };
  },
});
