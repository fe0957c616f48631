import { useEffect, useRef } from 'preact/hooks';
import { codeMeanings } from '../generated/codeMeanings';
import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { Icon } from '../ui/Icon';
import { StateBadge } from '../ui/StateBadge';
import { Time } from '../ui/Time';
import { useWindow } from '../ui/useWindow';
import { StatusBadge } from './StatusBadge';
import type { Item, Items } from './useItems';

const rowHeight = 32;

interface ItemRowProps {
  readonly item: Item | undefined;
  readonly index: number;
  readonly isPlan: boolean;
}

function ItemRow({ item, index, isPlan }: ItemRowProps) {
  if (item === undefined)
    return (
      <tr aria-rowindex={index + 2}>
        <td colSpan={6} class="muted">
          …
        </td>
      </tr>
    );
  const { flowRunId, flowRun, decided, previousState, state, movedAnotherState } = item;
  const prediction = isPlan ? item.planned : null;
  const { status, code, reason } = prediction ?? item;
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" class="item-run">
        {flowRun ? (
          <Link to={addressOf(`/runs/${flowRunId}`)} title={`${flowRun.name}\n${flowRunId}`}>
            {flowRun.name}
          </Link>
        ) : (
          <span title={flowRunId}>deleted run</span>
        )}
      </th>
      <td>
        <StatusBadge status={status} isPredicted={Boolean(prediction)} />
      </td>
      <td class="code" title={code ? codeMeanings[code] : undefined}>
        {code ?? ''}
      </td>
      <td>
        {previousState && <StateBadge type={previousState.type} name={previousState.name} />}
        {state && (
          <>
            {' → '}
            <StateBadge type={state.type} name={state.name} />
          </>
        )}
        {movedAnotherState && (
          <span
            class="moved-another"
            title="Another client of the Prefect server moved the run at the same moment: the state that was replaced is another one than planned."
          >
            <Icon name="warning" /> replaced another state
          </span>
        )}
      </td>
      <td>
        <Time instant={decided} isShort />
      </td>
      <td class="item-reason" title={reason ?? undefined}>
        {reason}
      </td>
    </tr>
  );
}

interface ItemsTableProps {
  readonly items: Items;
  /** Whether the operation is a plan that was not started: then what is predicted is shown. */
  readonly isPlan: boolean;
}

/** The items of an operation. Only the rows in view are rendered, and only the pages around them are held. */
export function ItemsTable({ items, isPlan }: ItemsTableProps) {
  const container = useRef<HTMLDivElement>(null);
  const { rowCount, hasMore, isLoading } = items;
  const { first, end } = useWindow(container, rowCount, rowHeight);
  useEffect(() => items.show(first, end));
  const indexes = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
  return (
    <div class="items-scroll panel" ref={container} tabIndex={-1}>
      <table aria-label="Items" aria-rowcount={hasMore ? -1 : rowCount + 1} aria-busy={isLoading}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Run</th>
            <th scope="col">Result</th>
            <th scope="col">Code</th>
            <th scope="col">State</th>
            <th scope="col">Decided</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * rowHeight}px` }} />}
          {indexes.map(index => (
            <ItemRow key={index} index={index} item={items.at(index)} isPlan={isPlan} />
          ))}
          {end < rowCount && (
            <tr aria-hidden="true" style={{ height: `${(rowCount - end) * rowHeight}px` }} />
          )}
        </tbody>
      </table>
      {isLoading && <p class="list-end muted">Loading …</p>}
      {!isLoading && !hasMore && rowCount === 0 && <p class="list-end muted">No item is like that.</p>}
    </div>
  );
}
