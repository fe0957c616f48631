import { type ASTVisitor, GraphQLError, type ValidationContext, type ValueNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { ExactNumber } from '../../domain/exactNumber';
import { findInvalidText, maxInputDepth } from '../../domain/textIntegrity';

/** What is written in the query itself is held to the same as what comes as a variable. */
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

/** Refuses literals that no database stores as they are. Variables are checked where they are read. */
export function useTextIntegrity(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(SoundLiteralRule);
    },
  };
}
