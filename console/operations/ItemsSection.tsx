import { useState } from 'preact/hooks';
import { codeMeanings } from '../generated/codeMeanings';
import type { BulkOperationItemStatus, OperationDetailsFragment, TransitionCode } from '../generated/graphql';
import { path, query } from '../location/location';
import { problemsOfParameters } from '../location/problemsOfParameters';
import { isId } from '../runs/filter/filterInAddress';
import { BadAddress } from '../ui/BadAddress';
import { ErrorBox } from '../ui/ErrorBox';
import { Icon } from '../ui/Icon';
import { Download } from './Download';
import { ItemsFilter } from './ItemsFilter';
import { ItemsTable } from './ItemsTable';
import { isPrediction, itemLooks } from './operationStatus';
import { type ItemsRequest, useItems } from './useItems';

const statuses = Object.keys(itemLooks) as BulkOperationItemStatus[];
const codes = Object.keys(codeMeanings) as TransitionCode[];

/** The items by status, code and run. */
export function ItemsSection({ operation }: { readonly operation: OperationDetailsFragment }) {
  const [round, setRound] = useState(0);
  const params = query.value;
  const status = params.get('status') ?? '';
  const code = params.get('code') ?? '';
  const run = params.get('run') ?? '';
  const isPlan = isPrediction(operation);
  const asksForResult = status !== '' || code !== '';
  const problems = [
    ...problemsOfParameters(params, { once: ['status', 'code', 'run'], many: [] }),
    status !== '' && !statuses.some(one => one === status) && `status: "${status}" is no result.`,
    code !== '' && !codes.some(one => one === code) && `code: "${code}" is no code.`,
    run !== '' && !isId(run) && `run: "${run}" is no id of a run.`,
    isPlan && asksForResult && 'status, code: the items of a plan have no result before it is started.',
  ].filter(problem => problem !== false);
  const asked: ItemsRequest = {
    id: operation.id,
    status: statuses.filter(one => one === status),
    code: codes.filter(one => one === code),
    flowRunId: isId(run) ? run : null,
  };
  const items = useItems(
    asked,
    round,
    `${operation.status} ${operation.counts.matched} ${operation.counts.pending}`,
  );
  const found = operation.outcomes.flatMap(outcome => outcome.code ?? []);
  return (
    <section class="operation-items" aria-label="Items of the operation">
      <div class="operations-title">
        <h2>Items</h2>
        {problems.length === 0 && <Download items={asked} />}
        <button type="button" class="button" onClick={() => setRound(before => before + 1)}>
          <Icon name="refresh" />
          Load again
        </button>
      </div>
      <ItemsFilter
        status={status}
        code={code}
        run={run}
        codes={[...new Set([...found, ...asked.code])]}
        hasResults={!isPlan || asksForResult}
      />
      {problems.length > 0 ? (
        <BadAddress missing="items" problems={problems} view={path.value} />
      ) : (
        <>
          <ErrorBox problem={items.problem} onRetry={() => setRound(before => before + 1)} />
          <ItemsTable items={items} isPlan={isPlan} />
        </>
      )}
    </section>
  );
}
