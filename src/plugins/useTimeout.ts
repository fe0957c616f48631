import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { SwitchyardError, timeout } from '../domain/errors';

/** Signals of the operations being executed, by the context that their resolvers are called with. */
type Signals = WeakMap<object, AbortSignal>;

type Resolver = GraphQLFieldResolver<unknown, object>;

/** Lets every resolver of a schema start only while its operation is not aborted. */
function guardResolvers(schema: GraphQLSchema, signals: Signals): void {
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

const clientLeft = (): SwitchyardError =>
  new SwitchyardError('TIMEOUT', 'The client closed the request before it was done.');

/**
 * Stops queries and mutations that take longer than so many seconds, with the code TIMEOUT, and those whose client closed
 * the request: no further field is resolved. Subscriptions have no time limit.
 */
export function useTimeout({ requestTimeoutSeconds }: { readonly requestTimeoutSeconds: number }): Plugin {
  const message =
    `The answer took longer than ${requestTimeoutSeconds} seconds and was given up. ` +
    'What was being written by then may still be written.';
  const signals: Signals = new WeakMap();
  const guarded = new WeakSet<GraphQLSchema>();

  return {
    onSchemaChange(change) {
      const schema = change.schema as GraphQLSchema;
      if (guarded.has(schema)) return;
      guarded.add(schema);
      guardResolvers(schema, signals);
    },
    onExecute({ args, executeFn, setExecuteFn }) {
      setExecuteFn(async executionArguments => {
        const controller = new AbortController();
        // By hand: AbortSignal.any leaves every request something to be collected later.
        const gone: AbortSignal | undefined = args.contextValue.request?.signal;
        signals.set(args.contextValue, controller.signal);
        let timer: NodeJS.Timeout | undefined;
        let leave = (): void => undefined;
        const aborted = new Promise<never>((_resolve, reject) => {
          const abort = (error: SwitchyardError) => {
            controller.abort(error);
            reject(error);
          };
          leave = () => abort(clientLeft());
          timer = setTimeout(() => abort(timeout(message)), requestTimeoutSeconds * 1000);
        });
        if (gone?.aborted) leave();
        gone?.addEventListener('abort', leave);
        try {
          // The signal keeps further fields from being resolved, but does not end the wait for one that hangs.
          return await Promise.race<unknown>([executeFn(executionArguments), aborted]);
        } finally {
          clearTimeout(timer);
          gone?.removeEventListener('abort', leave);
        }
      });
    },
  };
}
