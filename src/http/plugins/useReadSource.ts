import { useExtendContextValuePerExecuteSubscriptionEvent } from '@envelop/execute-subscription-event';
import { type ExecutionArgs, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Services } from '../../transitions/services';
import { type Context, createOperationContext } from '../context';

const isMutation = ({ document, operationName }: ExecutionArgs): boolean =>
  getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;

/**
 * Creates loaders and a response budget for each query, mutation and event of a subscription. A query reads from a
 * replica; a mutation and an event, which reports a write, read from the primary.
 */
export const useReadSource = (services: Services): Plugin<Context> => ({
  ...useExtendContextValuePerExecuteSubscriptionEvent<YogaInitialContext & Context>(() => ({
    contextPartial: createOperationContext(services, true),
  })),
  onExecute({ args, extendContext }) {
    extendContext(createOperationContext(services, isMutation(args)));
  },
});
