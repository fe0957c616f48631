import type { StateType } from '../../generated/graphql';
import { formatNumber } from '../../ui/formatNumber';
import { StateBadge } from '../../ui/StateBadge';
import { stateTypes } from './runFilter';
import './StateChips.css';

interface StateChipsProps {
  readonly chosen: readonly StateType[];
  /** How many runs the rest of the filter finds in each state; absent while that is counted. */
  readonly counts: ReadonlyMap<StateType | null, number> | undefined;
  onChange(chosen: readonly StateType[]): void;
}

/** The state types as check boxes, each with its number of runs. */
export function StateChips({ chosen, counts, onChange }: StateChipsProps) {
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">State</legend>
      {stateTypes.map(type => {
        const isChosen = chosen.includes(type);
        return (
          <label key={type} class="chip">
            <input
              type="checkbox"
              class="visually-hidden"
              checked={isChosen}
              onChange={() => onChange(isChosen ? chosen.filter(other => other !== type) : [...chosen, type])}
            />
            <span class="chip-face">
              <StateBadge type={type} />
              <span class="chip-count">{counts ? formatNumber(counts.get(type) ?? 0) : '…'}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
