import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { GraphQLError, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** How long, how deep and how often aliased a query may be. */
export interface QueryLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxTokens: number;
}

const refusal = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** A limit of graphql-armor that is told of beside a document's other faults, in our words. */
const reported = (message: string) => ({
  flattenFragments: true,
  propagateOnRejection: false,
  onReject: [(context: ValidationContext | null) => context?.reportError(refusal(message))],
});

/** Limits how long, how deep and how often aliased a query is. Introspection is not held to the depth. */
export function useQueryLimits({ maxDepth, maxAliases, maxTokens }: QueryLimits): Plugin {
  return EnvelopArmorPlugin({
    maxDepth: { n: maxDepth, ...reported(`The fields of a query may be nested ${maxDepth} deep at most.`) },
    maxAliases: { n: maxAliases, ...reported(`A query may have ${maxAliases} aliases at most.`) },
    maxTokens: {
      n: maxTokens,
      onReject: [
        () => {
          throw refusal(
            `A query may have ${maxTokens} words, numbers and brackets at most. Use variables for long input.`,
          );
        },
      ],
    },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  });
}
