import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { findUnsound } from '../domain/sound';
import { refuseExecution } from './refuseExecution';

/** A text that is written in the query itself can hold a NUL, as an escape; half a character the parser refuses. */
const SoundTextRule = (context: ValidationContext): ASTVisitor => ({
  StringValue(node) {
    const issue = findUnsound(node.value);
    if (issue) context.reportError(new GraphQLError(`A text ${issue.message}.`, { nodes: [node] }));
  },
});

/** Refuses input that no database keeps as it is: text that is not whole, and values nested too deeply. */
export function useSoundInput(): Plugin {
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(refuseExecution(({ variableValues }) => findUnsound(variableValues ?? {})));
    },
    onValidate({ addValidationRule }) {
      addValidationRule(SoundTextRule);
    },
  };
}
