import {
  type DocumentNode,
  type ExecutableDefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { countComparisons } from './countComparisons';

/** The limits of a document. */
export interface DocumentLimits {
  /** The maximum nesting depth of fields, without introspection. */
  readonly maxDepth: number;
  /** The maximum number of aliases, each counted as often as its fragment is used. */
  readonly maxAliases: number;
}

/**
 * The maximum number of selections with all fragments expanded. It limits all later steps (validation, cost,
 * execution), which visit the expanded document.
 */
const maxSelections = 20_000;

/**
 * The maximum nesting of inline fragments and fragment spreads in addition to fields. It limits the recursion of
 * later steps.
 */
const maxFragmentLevels = 100;

/** The maximum number of comparisons in validation: about 300 times one field at one position. */
const maxComparisons = 50_000;

/** The size of a selection set with its fragments expanded. */
interface Size {
  readonly selections: number;
  readonly aliases: number;
  readonly depth: number;
  /** The nesting depth of fields, inline fragments and fragment spreads. */
  readonly levels: number;
}

const empty: Size = { selections: 0, aliases: 0, depth: 0, levels: 0 };

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const refuse = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const isIntrospection = ({ name }: FieldNode): boolean =>
  name.value === '__schema' || name.value === '__type';

/** Creates a function that measures selection sets. It visits each fragment once. */
function createMeasure(fragments: Fragments, maxLevels: number) {
  const measured = new Map<string, Size>();
  const active = new Set<string>();

  function ofFragment(name: string, level: number): Size {
    const known = measured.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return empty;
    if (active.has(name)) throw refuse(`fragment ${name}: must not contain itself.`);
    active.add(name);
    const size = ofSet(fragment.selectionSet, level);
    active.delete(name);
    measured.set(name, size);
    return size;
  }

  function ofField(field: FieldNode, level: number): Size {
    const below = field.selectionSet ? ofSet(field.selectionSet, level) : empty;
    return {
      selections: below.selections,
      aliases: below.aliases + (field.alias && field.name.value !== '__typename' ? 1 : 0),
      depth: isIntrospection(field) ? 0 : below.depth + 1,
      levels: below.levels,
    };
  }

  function ofSet({ selections }: SelectionSetNode, level: number): Size {
    if (level > maxLevels)
      throw refuse(`query: fields and fragments must be nested at most ${maxLevels} deep.`);
    const total = { ...empty };
    for (const selection of selections) {
      const size =
        selection.kind === Kind.FIELD
          ? ofField(selection, level + 1)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? ofSet(selection.selectionSet, level + 1)
            : ofFragment(selection.name.value, level + 1);
      total.selections += 1 + size.selections;
      total.aliases += size.aliases;
      total.depth = Math.max(total.depth, size.depth);
      total.levels = Math.max(total.levels, 1 + size.levels);
    }
    return total;
  }

  return ofSet;
}

const isExecutable = (
  definition: DocumentNode['definitions'][number],
): definition is ExecutableDefinitionNode =>
  definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION;

/**
 * Checks the size of a document in one pass that takes linear time in its length, however its fragments expand. Must
 * run before any other step.
 *
 * @throws GraphQLError BAD_USER_INPUT for a document beyond the limits, or a fragment that contains itself.
 */
export function checkDocumentSize(document: DocumentNode, { maxDepth, maxAliases }: DocumentLimits): void {
  const definitions = document.definitions.filter(isExecutable);
  const fragments: Fragments = new Map(
    definitions.flatMap(one => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const maxLevels = maxDepth + maxFragmentLevels;
  const measure = createMeasure(fragments, maxLevels);
  let selections = 0;
  for (const { kind, selectionSet } of definitions) {
    const size = measure(selectionSet, 0);
    selections += size.selections;
    if (selections > maxSelections)
      throw refuse(`query: must have at most ${maxSelections} fields, with its fragments written out.`);
    if (size.levels > maxLevels)
      throw refuse(`query: fields and fragments must be nested at most ${maxLevels} deep.`);
    if (kind === Kind.FRAGMENT_DEFINITION) continue;
    if (size.depth > maxDepth)
      throw refuse(`query: fields must be nested at most ${maxDepth} deep (got ${size.depth}).`);
    if (size.aliases > maxAliases)
      throw refuse(`query: must have at most ${maxAliases} aliases (got ${size.aliases}).`);
  }
  let comparisons = 0;
  for (const { selectionSet } of definitions) {
    comparisons += countComparisons(selectionSet, fragments);
    if (comparisons > maxComparisons)
      throw refuse('query: selects the same fields too often in one place. Merge the selections.');
  }
}
