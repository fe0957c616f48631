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

/** How deep and how often aliased a document may be. */
export interface DocumentLimits {
  /** Levels of fields; those of introspection do not count. */
  readonly maxDepth: number;
  /** Aliases, each counted as often as the fragment that holds it is used. */
  readonly maxAliases: number;
}

/**
 * Selections that a document may have once its fragments are written out. Every later step (validation, cost, execution)
 * walks the document written out, so this bounds all of them.
 */
const maxSelections = 20_000;

/** Levels of inline fragments and fragment spreads beyond those of the fields: bounds the recursion of later steps. */
const maxFragmentLevels = 100;

/** Comparisons of fields under the same name that validation may need: some 300 times one field in one place. */
const maxComparisons = 50_000;

/** The size of a selection set with its fragments written out. */
interface Size {
  readonly selections: number;
  readonly aliases: number;
  readonly depth: number;
  /** Levels of fields, inline fragments and fragment spreads. */
  readonly levels: number;
}

const empty: Size = { selections: 0, aliases: 0, depth: 0, levels: 0 };

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const refuse = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const isIntrospection = ({ name }: FieldNode): boolean =>
  name.value === '__schema' || name.value === '__type';

/** Returns a function that measures selection sets. Each fragment is measured once, however often it is used. */
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
 * Checks the size of a document in one pass whose time grows with the document as written, not as its fragments
 * expand. It must run before anything else walks the document.
 *
 * @throws GraphQLError with the code BAD_USER_INPUT for a document beyond the limits, or with a fragment in itself.
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
