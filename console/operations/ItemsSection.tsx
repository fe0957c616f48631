import { useState } from 'preact/hooks';
import { codeMeanings } from '../generated/codeMeanings';
import type { BulkOperationItemStatus, OperationDetailsFragment, TransitionCode } from '../generated/graphql';
import { addressOf, navigate, path, query } from '../location/location';
import { isId } from '../runs/filter/filterInAddress';
import { ErrorBox } from '../ui/ErrorBox';
import { Icon } from '../ui/Icon';
import { TextField } from '../ui/TextField';
import { ItemsTable } from './ItemsTable';
import { itemLooks } from './operationStatus';
import { useItems } from './useItems';

const statuses = Object.keys(itemLooks) as BulkOperationItemStatus[];
const codes = Object.keys(codeMeanings) as TransitionCode[];

/** What the address asks for: a change of it shows other items. */
function setInAddress(name: string, value: string): void {
  const params = new URLSearchParams(query.value);
  if (value === '') params.delete(name);
  else params.set(name, value);
  navigate(addressOf(path.value, params));
}

/** The items by status, code and run. */
export function ItemsSection({ operation }: { readonly operation: OperationDetailsFragment }) {
  const [round, setRound] = useState(0);
  const params = query.value;
  const status = params.get('status') ?? '';
  const code = params.get('code') ?? '';
  const run = params.get('run') ?? '';
  const problems = [
    status !== '' && !statuses.some(one => one === status) && `status: "${status}" is no result.`,
    code !== '' && !codes.some(one => one === code) && `code: "${code}" is no code.`,
    run !== '' && !isId(run) && `run: "${run}" is no id of a run.`,
  ].filter(problem => problem !== false);
  const items = useItems(
    {
      id: operation.id,
      status: statuses.filter(one => one === status),
      code: codes.filter(one => one === code),
      flowRunId: isId(run) ? run : null,
    },
    round,
    `${operation.status} ${operation.counts.matched} ${operation.counts.pending}`,
  );
  const found = [...new Set(operation.outcomes.flatMap(outcome => outcome.code ?? []))];
  return (
    <section class="operation-items" aria-label="Items of the operation">
      <div class="operations-title">
        <h2>Items</h2>
        <button type="button" class="button" onClick={() => setRound(before => before + 1)}>
          <Icon name="refresh" />
          Load again
        </button>
      </div>
      <div class="items-filter">
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
            {[...new Set([...found, ...codes.filter(one => one === code)])].map(one => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
        <TextField
          label="Run id"
          placeholder="one run"
          value={run}
          onChange={value => setInAddress('run', value.trim())}
        />
      </div>
      {problems.length > 0 ? (
        <ErrorBox problem={{ code: 'BAD_ADDRESS', message: 'No items are shown.', issues: problems }}>
          Correct it, or clear the field.
        </ErrorBox>
      ) : (
        <>
          <ErrorBox problem={items.problem} onRetry={() => setRound(before => before + 1)} />
          <ItemsTable items={items} />
        </>
      )}
    </section>
  );
}
