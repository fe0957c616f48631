import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** The selections of several selection sets at one position of a response. */
interface MergedSelections {
  /** The selection sets below each response name, one for each field with that name. */
  readonly fields: Map<string, (SelectionSetNode | undefined)[]>;
  /** The names of the fragments; each is compared once per position. */
  readonly spreads: Set<string>;
}

/** The time to compare two fields with selection sets, or two fragments, relative to two fields without. */
const selectionSetWeight = 8;
const fragmentWeight = 4;

function collect(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  merged: MergedSelections,
): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = (selection.alias ?? selection.name).value;
        const below = merged.fields.get(name) ?? [];
        below.push(selection.selectionSet);
        merged.fields.set(name, below);
        break;
      }
      case Kind.INLINE_FRAGMENT:
        collect(selection.selectionSet, fragments, merged);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (merged.spreads.has(name) || !fragment) break;
        merged.spreads.add(name);
        collect(fragment.selectionSet, fragments, merged);
        break;
      }
    }
  }
}

/**
 * Estimates the number of pairs that the validation rule "overlapping fields can be merged" compares: it grows with
 * the square of the fields under one name. The size of the selection set with its fragments expanded must be limited.
 */
export function countComparisons(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let comparisons = 0;
  const waiting: SelectionSetNode[][] = [[selectionSet]];
  for (let sets = waiting.pop(); sets !== undefined; sets = waiting.pop()) {
    const merged: MergedSelections = { fields: new Map(), spreads: new Set() };
    for (const set of sets) collect(set, fragments, merged);
    comparisons += (fragmentWeight * merged.spreads.size * (merged.spreads.size + merged.fields.size)) / 2;
    for (const below of merged.fields.values()) {
      const inner = below.filter(set => set !== undefined);
      const weight = inner.length > 0 ? selectionSetWeight : 1;
      comparisons += (weight * below.length * (below.length - 1)) / 2;
      if (inner.length > 0) waiting.push(inner);
    }
  }
  return comparisons;
}
