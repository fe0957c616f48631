import { type ASTVisitor, GraphQLError, getNullableType, isListType, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const listLimitRule = (limit: number) =>
  function ListLimitRule(context: ValidationContext): ASTVisitor {
    return {
      ListValue(node) {
        const { length } = node.values;
        if (length <= limit || !isListType(getNullableType(context.getParentInputType()))) return;
        // `locateValues` adds the position to the message.
        const message = `a list may have ${limit} items at most; this one has ${length}.`;
        context.reportError(new GraphQLError(message, { nodes: [node] }));
      },
    };
  };

/** Limits the length of all lists that are written in a query. For variables see `useVariableCheck`. */
export function useListLimit({ maxListLength }: { readonly maxListLength: number }): Plugin {
  const rule = listLimitRule(maxListLength);
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}
