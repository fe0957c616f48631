import { type ASTVisitor, GraphQLError, type ValidationContext, type ValueNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { ExactNumber } from '../../domain/exactNumber';
import { findInvalidText, maxInputDepth } from '../../domain/textIntegrity';

/** Checks the literals of a query like variables. */
function SoundLiteralRule(context: ValidationContext): ASTVisitor {
  let depth = 0;
  const reportUnsound = (node: ValueNode, value: unknown) => {
    const issue = findInvalidText(value);
    if (issue) context.reportError(new GraphQLError(`A value ${issue.message}.`, { nodes: [node] }));
  };
  const level = {
    enter(node: ValueNode) {
      depth++;
      if (depth !== maxInputDepth + 1) return;
      const message = `A value is nested more than ${maxInputDepth} deep.`;
      context.reportError(new GraphQLError(message, { nodes: [node] }));
    },
    leave() {
      depth--;
    },
  };
  return {
    StringValue: node => reportUnsound(node, node.value),
    IntValue: node => reportUnsound(node, new ExactNumber(node.value)),
    FloatValue: node => reportUnsound(node, new ExactNumber(node.value)),
    ListValue: level,
    ObjectValue: level,
  };
}

/** Rejects literals that no database stores unchanged. Variables are checked when they are parsed. */
export function useTextIntegrity(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(SoundLiteralRule);
    },
  };
}
