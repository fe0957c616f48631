import type { RefObject } from 'preact';
import { countOf, formatNumber } from '../ui/formatNumber';
import { Icon } from '../ui/Icon';
import { isSelecting, noSelection, type Selection } from './selection';
import './SelectionBar.css';

interface SelectionBarProps {
  readonly selection: Selection;
  /** The number of all matching runs, once it is counted. */
  readonly total: number | undefined;
  /** How many ticked rows are not loaded at present. */
  readonly outOfView: number;
  readonly isActOpen: boolean;
  /** Where the focus goes back to when the panel is closed. */
  readonly actButton: RefObject<HTMLButtonElement | null>;
  onSelect(selection: Selection): void;
  onAct(): void;
}

function Words({
  selection,
  total,
  outOfView,
}: Pick<SelectionBarProps, 'selection' | 'total' | 'outOfView'>) {
  if (selection.kind === 'matching')
    return (
      <>
        <Icon name="filter" />
        <strong>All {total === undefined ? '' : `${formatNumber(total)} `}runs that match the filter</strong>
        <span> – also those that are not in view</span>
      </>
    );
  const { size } = selection.ids;
  if (size === 0) return <span class="muted">No run is selected.</span>;
  return (
    <>
      <Icon name="check" />
      <strong>{countOf(size, 'ticked run')}</strong>
      {outOfView > 0 && <span> – {formatNumber(outOfView)} of them not in the list now</span>}
    </>
  );
}

/** Says in words which runs are selected, and offers to act on them. */
export function SelectionBar(props: SelectionBarProps) {
  const { selection, total, isActOpen, actButton, onSelect, onAct } = props;
  const isAll = selection.kind === 'matching';
  return (
    <section class={`selection-bar ${isAll ? 'is-all' : ''}`} aria-label="Selection">
      <p class="selection-words">
        <Words {...props} />
      </p>
      <div class="actions">
        {!isAll && total !== 0 && (
          <button type="button" class="button" onClick={() => onSelect({ kind: 'matching' })}>
            Select all {total === undefined ? '' : formatNumber(total)} that match
          </button>
        )}
        {isSelecting(selection) && (
          <button type="button" class="button button-quiet" onClick={() => onSelect(noSelection)}>
            Clear the selection
          </button>
        )}
        <button
          type="button"
          ref={actButton}
          class="button button-primary"
          aria-expanded={isActOpen}
          disabled={!isSelecting(selection)}
          title={isSelecting(selection) ? undefined : 'Tick runs, or select all that match.'}
          onClick={onAct}
        >
          Act … <kbd>a</kbd>
        </button>
      </div>
    </section>
  );
}
