import { useRef } from 'preact/hooks';
import type { StateType } from '../../generated/graphql';
import { useKeys } from '../../ui/keys';
import { TextField } from '../../ui/TextField';
import { TokenField } from '../../ui/TokenField';
import { isId } from './filterInAddress';
import { emptyFilter, isEmptyFilter, type RunFilter } from './runFilter';
import { StateChips } from './StateChips';
import { TimeRangeField } from './TimeRangeField';
import './FilterBar.css';

interface FilterBarProps {
  readonly filter: RunFilter;
  readonly counts: ReadonlyMap<StateType | null, number> | undefined;
  onChange(filter: RunFilter): void;
}

const splitIds = (text: string): string[] => text.toLowerCase().split(/[\s,;"']+/);

/** Everything that the runs can be filtered by. Each change is a new address. */
export function FilterBar({ filter, counts, onChange }: FilterBarProps) {
  const name = useRef<HTMLInputElement>(null);
  useKeys([{ key: '/', meaning: 'Go to the filter', act: () => name.current?.focus() }]);
  const change = (part: Partial<RunFilter>) => onChange({ ...filter, ...part });
  return (
    <search class="filter panel" aria-label="Filter of runs">
      <div class="filter-fields">
        <TextField
          label="Name contains"
          value={filter.name}
          inputRef={name}
          onChange={value => change({ name: value })}
        />
        <TokenField label="Flow" values={filter.flows} onChange={flows => change({ flows })} />
        <TokenField
          label="Deployment"
          values={filter.deployments}
          onChange={deployments => change({ deployments })}
        />
        <TokenField label="Tags" values={filter.tags} onChange={tags => change({ tags })} />
        <TokenField label="Work queue" values={filter.queues} onChange={queues => change({ queues })} />
        <TokenField
          label="State name"
          values={filter.stateNames}
          onChange={stateNames => change({ stateNames })}
        />
        <TextField
          label="Message contains"
          value={filter.message}
          onChange={message => change({ message })}
        />
        <TimeRangeField time={filter.time} onChange={time => change({ time })} />
        <TokenField
          label="Run ids"
          values={filter.ids}
          split={splitIds}
          problemWith={id => (isId(id) ? null : `“${id}” is no id.`)}
          onChange={ids => change({ ids })}
        />
      </div>
      <div class="filter-states">
        <StateChips chosen={filter.states} counts={counts} onChange={states => change({ states })} />
        {!isEmptyFilter(filter) && (
          <button type="button" class="button button-quiet" onClick={() => onChange(emptyFilter)}>
            Clear the filter
          </button>
        )}
      </div>
    </search>
  );
}
