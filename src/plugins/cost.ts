import {
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';

const pageSizeArguments = ['first', 'last'];

type Variables = Readonly<Record<string, unknown>>;

const numberOf = (value: unknown): number => (typeof value === 'number' && value > 1 ? value : 1);

/** How many items a field answers at most: the page size asked for, or its default; 1 where there are no pages. */
function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>, variables: Variables): number {
  const sizes = field.args
    .filter(argument => pageSizeArguments.includes(argument.name))
    .map(argument => {
      const value = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
      if (value?.kind === Kind.INT) return numberOf(Number(value.value));
      const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
      return numberOf(given ?? argument.defaultValue);
    });
  return Math.max(1, ...sizes);
}

const fieldOf = (parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;

/** Variables as they count: those brought, and the defaults of those that were not. */
function variablesOf({ document, operationName, variableValues }: ExecutionArgs): Variables {
  const defaults = (getOperationAST(document, operationName)?.variableDefinitions ?? []).flatMap(
    (definition): [string, number][] => {
      const value = definition.defaultValue;
      return value?.kind === Kind.INT ? [[definition.variable.name.value, Number(value.value)]] : [];
    },
  );
  return { ...Object.fromEntries(defaults), ...variableValues };
}

/** Counts the fields below a selection. Each fragment is counted once and remembered, however often it is used. */
function createCounter(
  schema: GraphQLSchema,
  fragments: readonly FragmentDefinitionNode[],
  variables: Variables,
) {
  const counted = new Map<string, number>();

  function fragmentCost(name: string): number {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.find(definition => definition.name.value === name);
    const type = fragment && typeFromAST(schema, fragment.typeCondition);
    const cost = fragment && isCompositeType(type) ? selectionCost(fragment.selectionSet, type) : 0;
    counted.set(name, cost);
    return cost;
  }

  function fieldCost(node: FieldNode, parent: GraphQLCompositeType): number {
    const field = fieldOf(parent, node.name.value);
    // What every type has (__typename) costs nothing beyond itself, and so does introspection, which touches no data.
    if (!field) return 1;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return 1;
    return 1 + pageSize(node, field, variables) * selectionCost(node.selectionSet, type);
  }

  function selectionCost(set: SelectionSetNode, parent: GraphQLCompositeType): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) cost += fieldCost(selection, parent);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += fragmentCost(selection.name.value);
      else {
        const type = selection.typeCondition ? typeFromAST(schema, selection.typeCondition) : parent;
        if (isCompositeType(type)) cost += selectionCost(selection.selectionSet, type);
      }
    }
    return cost;
  }

  return selectionCost;
}

/**
 * How many fields the answer may have at most: each counts once for every item of the pages around it. Lists
 * without a page size count as one item. The document must have been validated.
 */
export function operationCost(operationArguments: ExecutionArgs): number {
  const { schema, document, operationName } = operationArguments;
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 0;
  const fragments = document.definitions.filter(definition => definition.kind === Kind.FRAGMENT_DEFINITION);
  return createCounter(schema, fragments, variablesOf(operationArguments))(operation.selectionSet, root);
}
