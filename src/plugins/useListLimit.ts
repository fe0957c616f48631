import {
  type ASTNode,
  type ASTVisitor,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLInputType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isListType,
  Kind,
  typeFromAST,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type InputIssue, pathText } from '../domain/errors';
import { refuseExecution } from './refuseExecution';

type Path = InputIssue['path'];

interface LongList {
  readonly path: Path;
  readonly length: number;
}

const messageOf = ({ path, length }: LongList, limit: number): string =>
  `${pathText(path)}: a list may have ${limit} items at most; this one has ${length}.`;

/** The first list in a value that is longer than it may be. What lies in scalars, such as JSON, is not looked at. */
function findLongList(value: unknown, type: GraphQLInputType, limit: number, path: Path): LongList | null {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    if (!Array.isArray(value)) return findLongList(value, nullable.ofType, limit, path);
    if (value.length > limit) return { path, length: value.length };
    for (const [index, item] of value.entries()) {
      const found = findLongList(item, nullable.ofType, limit, [...path, index]);
      if (found) return found;
    }
    return null;
  }
  if (!isInputObjectType(nullable) || typeof value !== 'object' || value === null) return null;
  const fields = nullable.getFields();
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    const found = field && findLongList(item, field.type, limit, [...path, name]);
    if (found) return found;
  }
  return null;
}

function findInVariables({ schema, document, operationName, variableValues }: ExecutionArgs, limit: number) {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  for (const definition of definitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    const found = isInputType(type) ? findLongList(variableValues?.[name], type, limit, [`$${name}`]) : null;
    if (found) return found;
  }
  return null;
}

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

/** Limits the length of every list in the input, at any depth, whether written in the query or brought as a variable. */
export function useListLimit({ maxListLength }: { readonly maxListLength: number }): Plugin {
  const rule = listLimitRule(maxListLength);
  return {
    onPluginInit({ addPlugin }) {
      addPlugin(
        refuseExecution(operation => {
          const found = findInVariables(operation, maxListLength);
          return found && messageOf(found, maxListLength);
        }),
      );
    },
    onValidate({ addValidationRule }) {
      addValidationRule(rule);
    },
  };
}
