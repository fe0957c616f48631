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

/** What a field costs beyond 1, and how many items its lists hold: in the extension `cost` of the field. */
export interface FieldCost {
  /** The cost of its own work, such as a statement that reads many rows; 1 where absent. */
  readonly own?: number;
  /** Of a list: how many items it holds at most. Absent: as many as the field around it states with `page`. */
  readonly items?: number | ((args: Readonly<Record<string, unknown>>) => unknown);
  /** How many items the lists of its payload hold at most, by its arguments. */
  readonly page?: (args: Readonly<Record<string, unknown>>) => unknown;
}

type Variables = Readonly<Record<string, unknown>>;

/** What a selection costs once, and once more for each item of the page that the field around it states. */
interface Cost {
  readonly once: number;
  readonly perItem: number;
}

const nothing: Cost = { once: 0, perItem: 0 };
const add = (one: Cost, other: Cost): Cost => ({
  once: one.once + other.once,
  perItem: one.perItem + other.perItem,
});
/** 0 items of infinite cost are none, where a product would be no number. */
const times = (count: number, cost: number): number => (count === 0 || cost === 0 ? 0 : count * cost);

/** How many items a list of the introspection holds, on average over all types of a schema at most. */
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

/** Variables as they count: those that were sent, and the defaults of those that were not. */
function variablesOf({ document, operationName, variableValues }: ExecutionArgs): Variables {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const defaults = definitions.flatMap(({ variable, defaultValue }): [string, unknown][] =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
  );
  // Without a prototype: an absent variable `$constructor` has no value.
  return Object.assign(Object.create(null) as object, Object.fromEntries(defaults), variableValues);
}

/** The arguments of a field: as they were sent, or their defaults. */
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

/** Returns a function that costs selection sets. Each fragment is costed once, however often it is used. */
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
 * The cost of an operation: 1 for each field, or what the field states, times the items of the lists around it. The document
 * must be valid and within the limits of documents. `@pothos/plugin-complexity` is not used for it: it leaves out
 * introspection, multiplies what a connection counts once (`totalCount`) by the page, and refuses only when the first
 * field is resolved.
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
