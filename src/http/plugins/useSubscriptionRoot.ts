import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

const conditions = new Set(['skip', 'include']);

/**
 * Reports `@skip` and `@include` at the root of a subscription, as newer specifications do: without its only field,
 * graphql-js throws a TypeError.
 */
function UnconditionalSubscriptionRule(context: ValidationContext): ASTVisitor {
  function check({ selections }: SelectionSetNode, seen: Set<string>): void {
    for (const selection of selections) {
      const condition = selection.directives?.find(({ name }) => conditions.has(name.value));
      if (condition)
        context.reportError(
          new GraphQLError(
            `@${condition.name.value} must not be used at the root of a subscription. Leave the field out instead.`,
            { nodes: [condition] },
          ),
        );
      if (selection.kind === Kind.INLINE_FRAGMENT) check(selection.selectionSet, seen);
      if (selection.kind === Kind.FRAGMENT_SPREAD && !seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (fragment) check(fragment.selectionSet, seen);
      }
    }
  }
  return {
    OperationDefinition(node) {
      if (node.operation === OperationTypeNode.SUBSCRIPTION) check(node.selectionSet, new Set());
      return false;
    },
  };
}

/** Rejects subscriptions that may select nothing. */
export function useSubscriptionRoot(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(UnconditionalSubscriptionRule);
    },
  };
}
