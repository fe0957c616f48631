import { useExtendContextValuePerExecuteSubscriptionEvent } from '@envelop/execute-subscription-event';
import { type ExecutionArgs, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Services } from '../../transitions/services';
import { type Context, createOperationContext } from '../context';

const isMutation = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;

/**
 * Gives every query, every mutation and every event of a subscription loaders and a budget of its own. The type of the
 * operation decides where it reads: a query from a replica; a mutation, and an event, which reports a write, from the
 * primary.
 */
export const useOperationContext = (services: Services): Plugin<Context> => ({
  ...useExtendContextValuePerExecuteSubscriptionEvent<YogaInitialContext & Context>(() => ({
    contextPartial: createOperationContext(services, true),
  })),
  onExecute({ args, extendContext }) {
    extendContext(createOperationContext(services, isMutation(args)));
  },
});
