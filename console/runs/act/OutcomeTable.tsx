import { useQuery } from '../../api/useQuery';
import { codeMeanings } from '../../generated/codeMeanings';
import {
  type BulkOperationItemStatus,
  type PlanFragment,
  PlanReasonsDocument,
} from '../../generated/graphql';
import { Link } from '../../location/Link';
import { addressOf } from '../../location/location';
import { formatNumber } from '../../ui/formatNumber';
import { Icon, type IconName } from '../../ui/Icon';

const verdicts: Readonly<Record<BulkOperationItemStatus, readonly [icon: IconName, words: string]>> = {
  ACCEPT: ['check', 'Will move'],
  REJECT: ['cross', 'Rejected'],
  ABORT: ['stop', 'Left alone'],
  WAIT: ['hourglass', 'Must wait'],
  SKIPPED: ['skip', 'Skipped'],
  SENDING: ['clock', 'Being sent'],
  PENDING: ['dots', 'Not decided'],
};

/** What a plan predicts, by verdict and code, with some of the runs and why. */
export function OutcomeTable({ plan }: { readonly plan: PlanFragment }) {
  const { data } = useQuery(PlanReasonsDocument, { id: plan.id });
  const items = data?.bulkOperation?.items.nodes ?? [];
  const reasonOf = (status: BulkOperationItemStatus, code: string | null): string | null =>
    items.find(({ planned }) => planned?.status === status && (planned.code ?? null) === code)?.planned
      ?.reason ?? null;
  return (
    <table class="outcomes">
      <caption class="visually-hidden">What would happen</caption>
      <thead>
        <tr>
          <th scope="col">Verdict</th>
          <th scope="col" class="number">
            Runs
          </th>
          <th scope="col">Why, and some of the runs</th>
        </tr>
      </thead>
      <tbody>
        {plan.outcomes.map(({ status, code, count, sample }) => {
          const [icon, words] = verdicts[status];
          const reason = reasonOf(status, code ?? null);
          return (
            <tr key={status + code}>
              <th scope="row" class={`verdict verdict-${status.toLowerCase()}`}>
                <span>
                  <Icon name={icon} />
                  {words}
                </span>
              </th>
              <td class="number">{formatNumber(count)}</td>
              <td class="outcome-why">
                {code && <span class="code">{code}</span>}
                {code && <p>{reason ?? codeMeanings[code]}</p>}
                {code && reason !== null && (
                  <details>
                    <summary>What to do</summary>
                    <p class="muted">{codeMeanings[code]}</p>
                  </details>
                )}
                <p class="muted">
                  {sample.map((run, index) => (
                    <span key={run.id}>
                      {index > 0 && ', '}
                      <Link to={addressOf(`/runs/${run.id}`)}>{run.name}</Link>
                    </span>
                  ))}
                  {count > sample.length && ', …'}
                </p>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
