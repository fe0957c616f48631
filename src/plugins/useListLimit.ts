import {
  type ASTNode,
  type ASTVisitor,
  GraphQLError,
  getNullableType,
  isListType,
  Kind,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type InputIssue, pathText } from '../domain/errors';

type Path = InputIssue['path'];

interface LongList {
  readonly path: Path;
  readonly length: number;
}

const messageOf = ({ path, length }: LongList, limit: number): string =>
  `${pathText(path)}: a list may have ${limit} items at most; this one has ${length}.`;

const isNode = (ancestor: ASTNode | readonly ASTNode[]): ancestor is ASTNode => 'kind' in ancestor;

function literalPath(ancestors: readonly (ASTNode | readonly ASTNode[])[]): string[] {
  return ancestors.filter(isNode).flatMap(node => {
    if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) return [node.name.value];
    return node.kind === Kind.VARIABLE_DEFINITION ? [`$${node.variable.name.value}`] : [];
  });
}

const listLimitRule = (limit: number) =>
  function ListLimitRule(context: ValidationContext): ASTVisitor {
    return {
      ListValue(node, _key, parent, _path, ancestors) {
        const length = node.values.length;
        if (length <= limit || !isListType(getNullableType(context.getParentInputType()))) return;
        const message = messageOf(
          { path: literalPath(parent ? [...ancestors, parent] : ancestors), length },
          limit,
        );
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
