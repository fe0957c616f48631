import {
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';

/** The cost of a field beyond 1 and the size of its lists: its extension `cost`. Our fields have theirs from `graphql/fieldCosts.ts`. */
export interface FieldCost {
  /** The cost of the field itself, such as a statement that reads many rows; 1 by default. */
  readonly own?: number;
  /** For a list: its maximum number of items. By default the `page` of the field around it. */
  readonly items?: number | ((args: Readonly<Record<string, unknown>>) => unknown);
  /** The maximum number of items of the lists in its payload, from its arguments. */
  readonly page?: (args: Readonly<Record<string, unknown>>) => unknown;
}

type Variables = Readonly<Record<string, unknown>>;

/** The cost of a selection: once, and for each item of the page of the field around it. */
interface Cost {
  readonly once: number;
  readonly perItem: number;
}

const nothing: Cost = { once: 0, perItem: 0 };
const add = (one: Cost, other: Cost): Cost => ({
  once: one.once + other.once,
  perItem: one.perItem + other.perItem,
});
/** 0 items of infinite cost are 0, where the product would be NaN. */
const times = (count: number, cost: number): number => (count === 0 || cost === 0 ? 0 : count * cost);

/** The average number of items in a list of the introspection, at most. */
const introspectionItems: Readonly<Record<string, number>> = {
  directives: 8,
  fields: 8,
  inputFields: 6,
  enumValues: 6,
  args: 2,
  interfaces: 1,
  possibleTypes: 2,
};

const introspectionPage = (schema: GraphQLSchema, { name }: GraphQLField<unknown, unknown>): number =>
  introspectionItems[name] ?? Object.keys(schema.getTypeMap()).length;

const isList = (type: GraphQLOutputType): boolean => isListType(getNullableType(type));

function fieldOf(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

/** The variables with their defaults. */
function variablesOf({ document, operationName, variableValues }: ExecutionArgs): Variables {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const defaults = definitions.flatMap(({ variable, defaultValue }): [string, unknown][] =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
  );
  // Without a prototype: an absent variable `$constructor` has no value.
  return Object.assign(Object.create(null) as object, Object.fromEntries(defaults), variableValues);
}

/** The arguments of a field with their defaults. */
function argumentsOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Variables,
): Variables {
  return Object.fromEntries(
    field.args.map(({ name, defaultValue }) => {
      const sent = node.arguments?.find(argument => argument.name.value === name)?.value;
      const value: unknown = sent && valueFromASTUntyped(sent, variables);
      return [name, value ?? defaultValue];
    }),
  );
}

const atLeastOne = (value: unknown): number => (typeof value === 'number' && value > 1 ? value : 1);

/** Creates a function that computes the cost of selection sets. It visits each fragment once. */
function createCounter(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Variables,
) {
  const counted = new Map<string, Cost>();

  function ofFragment(name: string): Cost {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const type = fragment && typeFromAST(schema, fragment.typeCondition);
    const cost = fragment && isCompositeType(type) ? ofSelection(fragment.selectionSet, type) : nothing;
    counted.set(name, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const field = fieldOf(schema, parent, node.name.value);
    if (!field) return { once: 1, perItem: 0 };
    const { own = 1, items, page } = (field.extensions.cost ?? {}) as FieldCost;
    const type = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(type)) return { once: own, perItem: 0 };
    const below = ofSelection(node.selectionSet, type);
    const sizeOf = (size: (args: Variables) => unknown): number =>
      atLeastOne(size(argumentsOf(node, field, variables)));
    const size = page ? sizeOf(page) : 1;
    const inner = below.once + times(size, below.perItem);
    if (!isList(field.type)) return { once: own + inner, perItem: 0 };
    const stated = typeof items === 'function' ? sizeOf(items) : items;
    const bound = parent.name.startsWith('__') ? introspectionPage(schema, field) : stated;
    return bound === undefined
      ? { once: own, perItem: inner }
      : { once: own + times(bound, inner), perItem: 0 };
  }

  function ofSelection({ selections }: SelectionSetNode, parent: GraphQLCompositeType): Cost {
    let cost = nothing;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost = add(cost, ofField(selection, parent));
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost = add(cost, ofFragment(selection.name.value));
      else {
        const type = selection.typeCondition ? typeFromAST(schema, selection.typeCondition) : parent;
        if (isCompositeType(type)) cost = add(cost, ofSelection(selection.selectionSet, type));
      }
    }
    return cost;
  }

  return ofSelection;
}

/**
 * Computes the cost of an operation, which `http/plugins/useCostLimit.ts` limits: 1 for each field, or its own cost, multiplied
 * by the items of the lists around it. The document must be valid and within its limits. `@pothos/plugin-complexity` is not
 * used: it ignores introspection, multiplies `totalCount` by the page, and rejects only when the first field is resolved.
 */
export function operationCost(operationArguments: ExecutionArgs): number {
  const { schema, document, operationName } = operationArguments;
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 0;
  const fragments = new Map(
    document.definitions.flatMap(one =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [],
    ),
  );
  const { once, perItem } = createCounter(
    schema,
    fragments,
    variablesOf(operationArguments),
  )(operation.selectionSet, root);
  return once + perItem;
}
