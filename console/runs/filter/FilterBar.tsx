import { useId, useRef, useState } from 'preact/hooks';
import {
  DeploymentNamesDocument,
  FlowNamesDocument,
  type FlowRunFilter,
  MessagesInUseDocument,
  QueuesInUseDocument,
  type StateType,
  TagsInUseDocument,
} from '../../generated/graphql';
import { Icon } from '../../ui/Icon';
import { useKeys } from '../../ui/keys';
import type { Suggestion } from '../../ui/Suggestion';
import { TextField } from '../../ui/TextField';
import { TokenField } from '../../ui/TokenField';
import { isId } from './filterInAddress';
import { emptyFilter, isEmptyFilter, type RunFilter } from './runFilter';
import { StateChips } from './StateChips';
import { TimeRangeField } from './TimeRangeField';
import { useSuggestions } from './useSuggestions';
import './FilterBar.css';

interface FilterBarProps {
  readonly filter: RunFilter;
  /** The filter as the gateway takes it, of whose runs the messages are offered. */
  readonly shown: FlowRunFilter;
  /** The filter as people say it, which is all that a narrow page shows at first. */
  readonly words: string;
  readonly counts: ReadonlyMap<StateType | null, number> | undefined;
  onChange(filter: RunFilter): void;
}

const namesOf = (nodes: readonly { readonly name: string }[]): Suggestion[] =>
  [...new Set(nodes.map(({ name }) => name))].map(value => ({ value }));

const byName = (text: string) => ({ filter: text === '' ? null : { name: { like: text } } });
const byText = (like: string) => ({ like });

const splitIds = (text: string): string[] => text.toLowerCase().split(/[\s,;"']+/);

/** Everything that the runs can be filtered by. Each change is a new address. */
export function FilterBar({ filter, shown, words, counts, onChange }: FilterBarProps) {
  const name = useRef<HTMLInputElement>(null);
  const fieldsId = useId();
  const [isOpen, setOpen] = useState(false);
  function focusName(): void {
    name.current?.focus();
    if (document.activeElement === name.current) return;
    setOpen(true);
    requestAnimationFrame(() => name.current?.focus());
  }
  useKeys([{ key: '/', meaning: 'Go to the filter', act: focusName }]);
  const flows = useSuggestions(FlowNamesDocument, byName, result => namesOf(result.flows.nodes));
  const deployments = useSuggestions(DeploymentNamesDocument, byName, result =>
    namesOf(result.deployments.nodes),
  );
  const tags = useSuggestions(TagsInUseDocument, byText, result => result.tags);
  const queues = useSuggestions(QueuesInUseDocument, byText, result => result.workQueueNames);
  const messages = useSuggestions(
    MessagesInUseDocument,
    () => ({ filter: shown }),
    result => result.stateMessages,
  );
  const change = (part: Partial<RunFilter>) => onChange({ ...filter, ...part });
  return (
    <search class={`filter panel ${isOpen ? 'is-open' : ''}`} aria-label="Filter of runs">
      <div class="filter-summary">
        <p>{words}</p>
        <button
          type="button"
          class="button"
          aria-expanded={isOpen}
          aria-controls={fieldsId}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="filter" />
          {isOpen ? 'Hide the filter' : 'Filter'}
        </button>
      </div>
      <div class="filter-fields" id={fieldsId}>
        <TextField
          label="Name contains"
          value={filter.name}
          inputRef={name}
          onChange={value => change({ name: value })}
        />
        <TokenField
          label="Flow"
          values={filter.flows}
          onChange={values => change({ flows: values })}
          {...flows}
        />
        <TokenField
          label="Deployment"
          values={filter.deployments}
          onChange={values => change({ deployments: values })}
          {...deployments}
        />
        <TokenField
          label="Tags"
          values={filter.tags}
          onChange={values => change({ tags: values })}
          {...tags}
        />
        <TokenField
          label="Work queue"
          values={filter.queues}
          onChange={values => change({ queues: values })}
          {...queues}
        />
        <TokenField
          label="State name"
          values={filter.stateNames}
          onChange={stateNames => change({ stateNames })}
        />
        <TextField
          label="Message contains"
          value={filter.message}
          onChange={message => change({ message })}
          {...messages}
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
