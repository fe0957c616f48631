import type { FlowRunFilter } from '../generated/graphql';

/** Which runs an operation is to move: those that are ticked, or all that match the filter. */
export type Selection =
  | { readonly kind: 'rows'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'matching' };

/** No run is selected. */
export const noSelection: Selection = { kind: 'rows', ids: new Set() };

/** Whether something is selected. */
export const isSelecting = (selection: Selection): boolean =>
  selection.kind === 'matching' || selection.ids.size > 0;

/** Whether a row is part of a selection. */
export const includesRow = (selection: Selection, id: string): boolean =>
  selection.kind === 'matching' || selection.ids.has(id);

/** The selection with rows ticked or unticked. "All that match" has no rows of its own and stays. */
export function withRows(selection: Selection, ids: readonly string[], isTicked: boolean): Selection {
  if (selection.kind === 'matching') return selection;
  const ticked = new Set(selection.ids);
  for (const id of ids) {
    if (isTicked) ticked.add(id);
    else ticked.delete(id);
  }
  return { kind: 'rows', ids: ticked };
}

/** The set of an operation as the gateway selects it. */
export interface OperationSet {
  readonly flowRuns: FlowRunFilter;
  /** Confirms that every run is meant. */
  readonly all: boolean;
}

/** The set of a selection: always a filter. Ticked rows are a filter by their ids. */
export function operationSetOf(selection: Selection, shown: FlowRunFilter): OperationSet {
  if (selection.kind === 'rows') return { flowRuns: { id: { any: [...selection.ids].sort() } }, all: false };
  return { flowRuns: shown, all: Object.keys(shown).length === 0 };
}
