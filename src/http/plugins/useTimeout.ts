import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Services } from '../../transitions/services';
import { abandonedWith, withTimeLimit } from '../../transitions/timeLimit';

/** The abort signals of operations in progress, by their context. */
const signals = new WeakMap<object, AbortSignal>();

/** All servers of a process serve the same schema. */
const guarded = new WeakSet<GraphQLSchema>();

type Resolver = GraphQLFieldResolver<unknown, object>;

/** Starts resolvers only while their operation is not aborted. */
function guardResolvers(schema: GraphQLSchema): void {
  if (guarded.has(schema)) return;
  guarded.add(schema);
  const guard =
    (resolve: Resolver): Resolver =>
    (parent, args, context, info) => {
      signals.get(context)?.throwIfAborted();
      return resolve(parent, args, context, info);
    };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (field.resolve) field.resolve = guard(field.resolve as Resolver);
  }
}

/**
 * Stops queries and mutations that exceed the time limit, with the code TIMEOUT, or whose client closed the request:
 * no further field is resolved, and an uncommitted transaction is rolled back. Subscriptions have no time limit.
 */
export function useTimeout({ requestTimeoutSeconds }: { readonly requestTimeoutSeconds: number }): Plugin<{
  services?: Services;
}> {
  return {
    onSchemaChange: change => guardResolvers(change.schema as GraphQLSchema),
    onExecute({ args, executeFn, setExecuteFn }) {
      const { contextValue } = args;
      setExecuteFn(executionArguments =>
        // The signal prevents further fields, but does not end the wait for one that hangs.
        withTimeLimit<unknown>(requestTimeoutSeconds, contextValue.request?.signal, signal => {
          signals.set(contextValue, signal);
          if (contextValue.services) contextValue.services = abandonedWith(contextValue.services, signal);
          return executeFn(executionArguments);
        }),
      );
    },
  };
}
