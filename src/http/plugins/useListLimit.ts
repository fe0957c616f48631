import { type ASTVisitor, GraphQLError, getNullableType, isListType, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const listLimitRule = (limit: number) =>
  function ListLimitRule(context: ValidationContext): ASTVisitor {
    return {
      ListValue(node) {
        const { length } = node.values;
        if (length <= limit || !isListType(getNullableType(context.getParentInputType()))) return;
        // Where the list stands is added to the message with that of every other literal: see `locateValues`.
        const message = `a list may have ${limit} items at most; this one has ${length}.`;
        context.reportError(new GraphQLError(message, { nodes: [node] }));
      },
    };
  };

/** Limits the length of every list that is written in a query, at any depth. Those in variables: see `useVariableCheck`. */
export function useListLimit({ maxListLength }: { readonly maxListLength: number }): Plugin {
  const rule = listLimitRule(maxListLength);
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}
