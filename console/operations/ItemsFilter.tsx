import type { BulkOperationItemStatus, TransitionCode } from '../generated/graphql';
import { addressOf, navigate, path, query } from '../location/location';
import { TextField } from '../ui/TextField';
import { itemLooks } from './operationStatus';

const statuses = Object.keys(itemLooks) as BulkOperationItemStatus[];

interface ItemsFilterProps {
  readonly status: string;
  readonly code: string;
  readonly run: string;
  /** The codes that are offered. */
  readonly codes: readonly TransitionCode[];
  /** Whether the items have results to choose from. */
  readonly hasResults: boolean;
}

/** What the address asks for: a change of it shows other items. */
function setInAddress(name: string, value: string): void {
  const params = new URLSearchParams(query.value);
  if (value === '') params.delete(name);
  else params.set(name, value);
  navigate(addressOf(path.value, params));
}

function ResultFields({ status, code, codes }: Pick<ItemsFilterProps, 'status' | 'code' | 'codes'>) {
  return (
    <>
      <div class="field">
        <label for="item-status">Result</label>
        <select
          id="item-status"
          value={status}
          onChange={event => setInAddress('status', event.currentTarget.value)}
        >
          <option value="">all</option>
          {statuses.map(one => (
            <option key={one} value={one}>
              {itemLooks[one][1]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="item-code">Code</label>
        <select
          id="item-code"
          value={code}
          onChange={event => setInAddress('code', event.currentTarget.value)}
        >
          <option value="">all</option>
          {codes.map(one => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** Which items are shown, as the address has it. */
export function ItemsFilter({ hasResults, run, ...results }: ItemsFilterProps) {
  return (
    <div class="items-filter">
      {hasResults && <ResultFields {...results} />}
      <TextField
        label="Run id"
        placeholder="one run"
        value={run}
        onChange={value => setInAddress('run', value.trim())}
      />
    </div>
  );
}
