import type { RunRowFragment } from '../../generated/graphql';
import { Link } from '../../location/Link';
import { addressOf } from '../../location/location';
import { formatSeconds } from '../../ui/formatTime';
import { StateBadge } from '../../ui/StateBadge';
import { Time } from '../../ui/Time';

interface RunTableRowProps {
  readonly run: RunRowFragment;
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly isSelected: boolean;
  /** Whether it cannot be ticked by itself, because all that match are selected. */
  readonly isFixed: boolean;
  readonly isActive: boolean;
  readonly hasChanged: boolean;
  onTick(index: number, isTicked: boolean, isRange: boolean): void;
}

/** One run. */
export function RunTableRow(props: RunTableRowProps) {
  const { run, index, isSelected, isFixed, isActive, hasChanged, onTick } = props;
  const started = run.startTime ?? run.expectedStartTime;
  return (
    <tr
      aria-rowindex={index + 2}
      tabIndex={isActive ? 0 : -1}
      class={`${isActive ? 'is-active' : ''} ${isSelected ? 'is-selected' : ''}`}
    >
      <td class="cell-tick">
        <input
          type="checkbox"
          aria-label={`Tick ${run.name}`}
          checked={isSelected}
          disabled={isFixed}
          title={isFixed ? 'All runs that match are selected. Clear the selection to tick rows.' : undefined}
          onClick={event => onTick(index, event.currentTarget.checked, event.shiftKey)}
        />
      </td>
      <td>
        <StateBadge type={run.stateType} name={run.stateName} />
        {hasChanged && (
          <span class="changed-mark" title="It changed since the list was loaded, and may no longer match.">
            changed
          </span>
        )}
      </td>
      <td class="cell-name">
        <Link to={addressOf(`/runs/${run.id}`)} title={`${run.name}\n${run.id}`}>
          {run.name}
        </Link>
      </td>
      <td class="cell-text" title={run.flow.name}>
        {run.flow.name}
      </td>
      <td class="cell-text wide-only" title={run.deployment?.name}>
        {run.deployment?.name ?? <span class="muted">–</span>}
      </td>
      <td class="cell-text wider-only">{run.workQueueName ?? <span class="muted">–</span>}</td>
      <td class="cell-text wider-only" title={run.tags.join(', ')}>
        {run.tags.join(', ')}
      </td>
      <td class="medium-only">
        {run.startTime ? (
          <Time instant={started} />
        ) : (
          <span class="muted">
            {started ? 'expected ' : ''}
            <Time instant={started} />
          </span>
        )}
      </td>
      <td class="number wide-only">{run.totalRunTime > 0 ? formatSeconds(run.totalRunTime) : ''}</td>
      <td class="cell-message widest-only muted" title={run.state?.message ?? undefined}>
        {run.state?.message}
      </td>
    </tr>
  );
}
