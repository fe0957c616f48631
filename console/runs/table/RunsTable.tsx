import { useEffect, useRef, useState } from 'preact/hooks';
import { useKeys } from '../../ui/keys';
import { useWindow } from '../../ui/useWindow';
import { includesRow, type Selection, withRows } from '../selection';
import { Loading } from './Loading';
import { RunTableRow } from './RunTableRow';
import type { Runs } from './useRuns';
import './RunsTable.css';

interface RunsTableProps {
  readonly runs: Runs;
  /** The number of all matching runs, once it is counted. */
  readonly total: number | undefined;
  readonly selection: Selection;
  onSelect(selection: Selection): void;
  /** Reports the rows in view, in steps of a page. */
  onView(ids: readonly string[]): void;
}

const rowHeight = 32;
const viewStep = 25;

/** The runs, one a row. Only the rows in view are rendered; the next page is loaded when its place comes into view. */
export function RunsTable({ runs, total, selection, onSelect, onView }: RunsTableProps) {
  const { rows, isLoading, hasMore } = runs;
  const container = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(-1);
  const anchor = useRef(-1);
  const { first, end } = useWindow(container, rows.length, rowHeight);
  const visible = rows.slice(first, end);

  const viewFrom = Math.floor(first / viewStep) * viewStep;
  const viewEnd = Math.ceil(end / viewStep) * viewStep;
  const inView = rows.slice(viewFrom, viewEnd).map(({ id }) => id);
  useEffect(() => onView(inView), [inView.join()]);
  useEffect(() => {
    const isWanted = hasMore && !isLoading && !runs.isStopped && !runs.problem;
    if (end >= rows.length && rows.length > 0 && isWanted) runs.loadMore();
  }, [end, rows.length, hasMore, isLoading]);

  function tick(index: number, isTicked: boolean, isRange: boolean): void {
    const from = isRange && anchor.current >= 0 ? anchor.current : index;
    const ids = rows.slice(Math.min(from, index), Math.max(from, index) + 1).map(({ id }) => id);
    anchor.current = index;
    setActive(index);
    onSelect(withRows(selection, ids, isTicked));
  }

  function focusRow(index: number): void {
    if (index < 0 || index >= rows.length) return;
    setActive(index);
    const element = container.current;
    if (element !== null) {
      const top = index * rowHeight;
      const room = element.clientHeight - 2 * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top > element.scrollTop + room) element.scrollTop = top - room;
    }
    requestAnimationFrame(() =>
      body.current?.querySelector<HTMLElement>(`tr[aria-rowindex="${index + 2}"]`)?.focus(),
    );
  }

  useKeys([
    { key: 'j', meaning: 'Next row', act: () => focusRow(active + 1) },
    { key: 'k', meaning: 'Previous row', act: () => focusRow(active - 1) },
    {
      key: 'x',
      meaning: 'Tick or untick the row',
      act: () => {
        const row = rows[active];
        if (row !== undefined) tick(active, !includesRow(selection, row.id), false);
      },
    },
  ]);

  const isMatching = selection.kind === 'matching';
  const allLoaded = rows.length > 0 && rows.every(({ id }) => includesRow(selection, id));
  return (
    <div class="runs-scroll panel" ref={container} tabIndex={-1}>
      <table
        class="runs-table"
        aria-label="Runs"
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-busy={isLoading}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th class="cell-tick">
              <input
                type="checkbox"
                aria-label={`Tick the ${rows.length} loaded rows`}
                title={`Tick the ${rows.length} loaded rows`}
                checked={allLoaded}
                disabled={isMatching || rows.length === 0}
                onChange={() =>
                  onSelect(
                    withRows(
                      selection,
                      rows.map(({ id }) => id),
                      !allLoaded,
                    ),
                  )
                }
              />
            </th>
            <th scope="col">State</th>
            <th scope="col">Run</th>
            <th scope="col">Flow</th>
            <th scope="col" class="wide-only">
              Deployment
            </th>
            <th scope="col" class="wider-only">
              Queue
            </th>
            <th scope="col" class="wider-only">
              Tags
            </th>
            <th scope="col" class="medium-only">
              Started
            </th>
            <th scope="col" class="wide-only number">
              Ran for
            </th>
            <th scope="col" class="widest-only">
              Message
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {first > 0 && <tr class="spacer" aria-hidden="true" style={{ height: `${first * rowHeight}px` }} />}
          {visible.map((run, index) => (
            <RunTableRow
              key={run.id}
              run={run}
              index={first + index}
              isSelected={includesRow(selection, run.id)}
              isFixed={isMatching}
              isActive={first + index === active}
              hasChanged={runs.changed.has(run.id)}
              onTick={tick}
            />
          ))}
          {end < rows.length && (
            <tr
              class="spacer"
              aria-hidden="true"
              style={{ height: `${(rows.length - end) * rowHeight}px` }}
            />
          )}
        </tbody>
      </table>
      {isLoading && <Loading onStop={runs.stop} />}
      {!isLoading && hasMore && (rows.length > 0 || runs.isStopped) && (
        <p class="runs-more">
          <button type="button" class="button" onClick={runs.loadMore}>
            {runs.isStopped ? 'Search again' : 'Load more'}
          </button>
        </p>
      )}
      {!isLoading && rows.length === 0 && !runs.problem && !runs.isStopped && (
        <p class="runs-more muted">No run matches. Widen or clear the filter.</p>
      )}
    </div>
  );
}
