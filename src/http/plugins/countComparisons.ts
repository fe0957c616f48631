import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** What several selection sets in one place of a response select. */
interface Place {
  /** The selection sets below each name in the response, one for each field under that name. */
  readonly fields: Map<string, (SelectionSetNode | undefined)[]>;
  /** The names of the fragments; each is compared once in a place. */
  readonly spreads: Set<string>;
}

/** How much longer it takes to compare two fields with selection sets, or two fragments, than two fields without. */
const selectionSetWeight = 8;
const fragmentWeight = 4;

function collect(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  place: Place,
): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = (selection.alias ?? selection.name).value;
        const below = place.fields.get(name) ?? [];
        below.push(selection.selectionSet);
        place.fields.set(name, below);
        break;
      }
      case Kind.INLINE_FRAGMENT:
        collect(selection.selectionSet, fragments, place);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (place.spreads.has(name) || !fragment) break;
        place.spreads.add(name);
        collect(fragment.selectionSet, fragments, place);
        break;
      }
    }
  }
}

/**
 * Estimates how many pairs of fields and fragments the validation rule "overlapping fields can be merged" compares:
 * its work grows with the square of the fields under one name. The selection set must have a bounded size once its
 * fragments are written out.
 */
export function countComparisons(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let comparisons = 0;
  const waiting: SelectionSetNode[][] = [[selectionSet]];
  for (let sets = waiting.pop(); sets !== undefined; sets = waiting.pop()) {
    const place: Place = { fields: new Map(), spreads: new Set() };
    for (const set of sets) collect(set, fragments, place);
    comparisons += (fragmentWeight * place.spreads.size * (place.spreads.size + place.fields.size)) / 2;
    for (const below of place.fields.values()) {
      const inner = below.filter(set => set !== undefined);
      const weight = inner.length > 0 ? selectionSetWeight : 1;
      comparisons += (weight * below.length * (below.length - 1)) / 2;
      if (inner.length > 0) waiting.push(inner);
    }
  }
  return comparisons;
}
