import { whyForbidden } from '../api/viewer';
import { usePageTitle } from '../app/usePageTitle';
import type { BulkOperationStatus } from '../generated/graphql';
import { addressOf, navigate, query } from '../location/location';
import { problemsOfParameters } from '../location/problemsOfParameters';
import { BadAddress } from '../ui/BadAddress';
import { ErrorBox } from '../ui/ErrorBox';
import { Icon } from '../ui/Icon';
import { useKeys } from '../ui/keys';
import { Notice } from '../ui/Notice';
import { OperationTableRow } from './OperationTableRow';
import { statusLooks } from './operationStatus';
import { StatusBadge } from './StatusBadge';
import { useOperations } from './useOperations';
import '../runs/filter/StateChips.css';
import './operations.css';

const statuses = Object.keys(statusLooks) as BulkOperationStatus[];

/** All operations, newest first: what runs, and what ran. */
export function OperationsPage() {
  usePageTitle('Operations');
  const asked = query.value.getAll('status');
  const chosen = statuses.filter(status => asked.includes(status));
  const problems = [
    ...problemsOfParameters(query.value, { once: [], many: ['status'] }),
    ...asked
      .filter(text => !statuses.some(status => status === text))
      .map(text => `status: "${text}" is no status.`),
  ];
  const operations = useOperations(problems.length === 0 ? chosen : null);
  const forbidden = whyForbidden('operate');
  useKeys([{ key: 'r', meaning: 'Load the list again', act: operations.refresh }]);

  function toggle(status: BulkOperationStatus): void {
    const params = new URLSearchParams();
    for (const other of statuses)
      if (chosen.includes(other) !== (other === status)) params.append('status', other);
    navigate(addressOf('/operations', params));
  }

  return (
    <div class="operations-page">
      <div class="operations-title">
        <h1>Operations</h1>
        <button type="button" class="button" onClick={operations.refresh}>
          <Icon name="refresh" />
          Refresh
        </button>
      </div>
      <fieldset class="chips">
        <legend class="visually-hidden">Status</legend>
        {statuses.map(status => (
          <label key={status} class="chip">
            <input
              type="checkbox"
              class="visually-hidden"
              checked={chosen.includes(status)}
              onChange={() => toggle(status)}
            />
            <span class="chip-face">
              <StatusBadge status={status} />
            </span>
          </label>
        ))}
      </fieldset>
      {problems.length > 0 && <BadAddress missing="operations" problems={problems} view="/operations" />}
      <ErrorBox problem={operations.problem} onRetry={operations.refresh} />
      {forbidden !== null && <Notice>{forbidden} Operations can be watched, not changed.</Notice>}
      <div class="panel operations-scroll">
        <table aria-label="Operations" aria-busy={operations.isLoading} class="operations-table">
          <thead>
            <tr>
              <th scope="col">Status</th>
              <th scope="col">Why, what, by whom and when</th>
              <th scope="col">Progress</th>
              <th scope="col">Commands</th>
            </tr>
          </thead>
          <tbody>
            {operations.rows.map(operation => (
              <OperationTableRow key={operation.id} operation={operation} onChange={operations.update} />
            ))}
          </tbody>
        </table>
        {operations.isLoading && operations.rows.length === 0 && <p class="list-end muted">Loading …</p>}
        {!operations.isLoading &&
          operations.rows.length === 0 &&
          !operations.problem &&
          problems.length === 0 && (
            <p class="list-end muted">
              {chosen.length > 0
                ? 'No operation has this status.'
                : 'No operation yet. Select runs and act on them to start one.'}
            </p>
          )}
        {operations.hasMore && (
          <p class="list-end">
            <button type="button" class="button" onClick={operations.loadMore}>
              Load more
            </button>
          </p>
        )}
      </div>
    </div>
  );
}
