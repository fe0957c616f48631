import { useState } from 'preact/hooks';
import { whyForbidden } from '../api/viewer';
import { usePageTitle } from '../app/usePageTitle';
import { codeMeanings } from '../generated/codeMeanings';
import type { OperationDetailsFragment } from '../generated/graphql';
import { Link } from '../location/Link';
import { addressOf, path } from '../location/location';
import { refusalAdvice } from '../runs/act/operationRefusal';
import { isId } from '../runs/filter/filterInAddress';
import { ErrorBox } from '../ui/ErrorBox';
import { formatNumber } from '../ui/formatNumber';
import { formatSeconds } from '../ui/formatTime';
import { Notice } from '../ui/Notice';
import { Time } from '../ui/Time';
import { CopyAs } from './CopyAs';
import { ItemsSection } from './ItemsSection';
import { OperationFacts } from './OperationFacts';
import { hasEnded, isPrediction, pauseInWords, targetInWords } from './operationStatus';
import { ProgressBar } from './ProgressBar';
import { RateForm } from './RateForm';
import { RepeatForm } from './RepeatForm';
import { StartPlanSection } from './StartPlanSection';
import { StatusBadge } from './StatusBadge';
import { SteerButtons } from './SteerButtons';
import { speedOf } from './speedOf';
import { useOperation } from './useOperation';
import { useSteering } from './useSteering';
import './operations.css';
import './OperationPage.css';

function Outcomes({ operation }: { readonly operation: OperationDetailsFragment }) {
  const isPlan = isPrediction(operation);
  if (operation.outcomes.length === 0) return <p class="muted">Nothing is decided yet.</p>;
  return (
    <table class="outcomes" aria-label="Outcomes">
      <thead>
        <tr>
          <th scope="col">Result</th>
          <th scope="col" class="number">
            Runs
          </th>
          <th scope="col">Code and what it means</th>
        </tr>
      </thead>
      <tbody>
        {operation.outcomes.map(({ status, code, count }) => {
          const params = new URLSearchParams({ status, ...(code && { code }) });
          const words = formatNumber(count);
          return (
            <tr key={status + code}>
              <th scope="row">
                <StatusBadge status={status} isPredicted={isPlan} />
              </th>
              <td class="number">
                {isPlan ? (
                  // The items of a plan have no result yet, so that none would be found.
                  words
                ) : (
                  <Link to={addressOf(path.value, params)}>
                    {words}
                    <span class="visually-hidden"> items: show them</span>
                  </Link>
                )}
              </td>
              <td>
                {code && (
                  <>
                    <span class="code">{code}</span>
                    <p class="muted">{codeMeanings[code]}</p>
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Repeats({ operation }: { readonly operation: OperationDetailsFragment }) {
  const [asking, setAsking] = useState<'retry' | 'undo' | null>(null);
  const { status, counts, outcomes, undoneBy, undoOf } = operation;
  if (!hasEnded(status)) return null;
  const forbidden = whyForbidden('operate');
  const hasRetryable = outcomes.some(outcome => outcome.status !== 'ACCEPT' && outcome.status !== 'PENDING');
  const noRetry =
    forbidden ?? (hasRetryable ? null : 'Every decided run was accepted: there is nothing to retry.');
  const noUndo =
    forbidden ??
    (undoneBy ? 'It is undone already.' : null) ??
    (undoOf ? 'An undo cannot be undone.' : null) ??
    (counts.accepted === 0 ? 'It moved no run: there is nothing to undo.' : null);
  const reasons = [...new Set([noRetry, noUndo].filter(reason => reason !== null))];
  return (
    <div class="actions">
      <button type="button" class="button" disabled={noRetry !== null} onClick={() => setAsking('retry')}>
        Retry …
      </button>
      <button
        type="button"
        class="button button-danger"
        disabled={noUndo !== null}
        onClick={() => setAsking('undo')}
      >
        Undo …
      </button>
      {reasons.length > 0 && <span class="muted">{reasons.join(' ')}</span>}
      {asking !== null && <RepeatForm kind={asking} operation={operation} onClose={() => setAsking(null)} />}
    </div>
  );
}

function Details({ id }: { readonly id: string }) {
  const { operation, query, isUnknown, update } = useOperation(id);
  const steering = useSteering(id, update);
  usePageTitle(operation ? `${operation.reason} · Operation` : 'Operation');
  if (isUnknown) return <NoSuchOperation id={id} />;
  if (operation === undefined)
    return (
      <>
        <h1>Operation</h1>
        {query.isLoading && <p class="muted">Loading …</p>}
        <ErrorBox problem={query.problem} onRetry={query.refresh} />
      </>
    );
  const { reason, status, undoneBy, error, estimatedSecondsLeft } = operation;
  const speed = speedOf(operation);
  const pause = pauseInWords(operation);
  const forbidden = whyForbidden('operate');
  return (
    <div class="operation-page">
      <div class="operation-head">
        <h1>{reason}</h1>
        <StatusBadge status={status} undoneBy={undoneBy} />
        <span class="muted">{targetInWords(operation)}</span>
      </div>
      <ErrorBox problem={query.problem} onRetry={query.refresh} />
      {pause !== null && <Notice kind="warning">Paused {pause}.</Notice>}
      {status === 'FAILED' && (
        <Notice kind="warning">It broke off: {error} What was decided stays; the rest was left alone.</Notice>
      )}
      <section class="panel operation-progress-panel" aria-label="Progress">
        <ProgressBar operation={operation} />
        <p class="muted">
          {speed !== null && `${formatNumber(speed)} runs per second`}
          {typeof estimatedSecondsLeft === 'number' && ` · about ${formatSeconds(estimatedSecondsLeft)} left`}
          {hasEnded(status) && (
            <>
              Ended <Time instant={operation.ended} />
            </>
          )}
        </p>
        {(status === 'PLANNED' || status === 'EXPIRED') && (
          <StartPlanSection operation={operation} onStart={query.refresh} />
        )}
        <div class="operation-head">
          <SteerButtons operation={operation} steering={steering} />
          {!hasEnded(status) && <RateForm operation={operation} steering={steering} />}
        </div>
        <Repeats operation={operation} />
        {forbidden !== null && <p class="muted">{forbidden}</p>}
        <ErrorBox problem={steering.problem}>{refusalAdvice[steering.problem?.code ?? '']}</ErrorBox>
      </section>
      <div class="operation-columns">
        <section class="panel operation-panel" aria-label="Outcomes by code">
          <h2>{isPrediction(operation) ? 'Predicted outcomes' : 'Outcomes'}</h2>
          <Outcomes operation={operation} />
        </section>
        <section class="panel operation-panel" aria-label="Facts">
          <h2>Facts</h2>
          <OperationFacts operation={operation} />
          <CopyAs operation={operation} />
        </section>
      </div>
      <ItemsSection operation={operation} />
    </div>
  );
}

function NoSuchOperation({ id }: { readonly id: string }) {
  return (
    <div class="page-message">
      <h1>No such operation</h1>
      <p>
        There is no operation <code>{id}</code>, or it was deleted. Check the address, or go to{' '}
        <Link to={addressOf('/operations')}>all operations</Link>.
      </p>
    </div>
  );
}

/** One operation: watch it, steer it, see what became of each run. */
export function OperationPage({ id }: { readonly id: string }) {
  return isId(id) ? <Details id={id} /> : <NoSuchOperation id={id} />;
}
