import { useEffect, useRef, useState } from 'preact/hooks';
import { useQuery } from '../api/useQuery';
import { useSubscription } from '../api/useSubscription';
import { hasScope, whyForbidden } from '../api/viewer';
import { usePageTitle } from '../app/usePageTitle';
import {
  RunChangedDocument,
  RunPageDocument,
  type RunPageQuery,
  RunStatesDocument,
  RunSubflowsDocument,
} from '../generated/graphql';
import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { ErrorBox } from '../ui/ErrorBox';
import { formatSeconds } from '../ui/formatTime';
import { StateBadge } from '../ui/StateBadge';
import { Time } from '../ui/Time';
import { ActPanel } from './act/ActPanel';
import { isId } from './filter/filterInAddress';
import './RunPage.css';

type Run = NonNullable<RunPageQuery['flowRun']>;

function MorePages({
  cursor,
  onMore,
}: {
  readonly cursor: string | null;
  onMore(cursor: string | null): void;
}) {
  return (
    <div class="actions">
      {cursor !== null && (
        <button type="button" class="button" onClick={() => onMore(cursor)}>
          Next 50
        </button>
      )}
    </div>
  );
}

/** Who wrote each state, or which operation. */
function History({ id, round }: { readonly id: string; readonly round: number }) {
  const [after, setAfter] = useState<string | null>(null);
  const { data, problem, refresh } = useQuery(RunStatesDocument, { id, after });
  const shown = useRef(round);
  useEffect(() => {
    if (shown.current === round) return;
    shown.current = round;
    refresh();
  }, [round]);
  const states = data?.flowRun?.states;
  return (
    <section class="panel run-panel" aria-label="History">
      <h2>History</h2>
      <ErrorBox problem={problem} onRetry={refresh} />
      <ol class="run-states">
        {states?.nodes.map(state => (
          <li key={state.id}>
            <p class="actions">
              <StateBadge type={state.type} name={state.name} />
              <Time instant={state.timestamp} />
              {state.actor && <span class="muted">by {state.actor}</span>}
              {state.bulkOperation && (
                <Link to={addressOf(`/operations/${state.bulkOperation.id}`)}>
                  {state.bulkOperation.reason}
                </Link>
              )}
            </p>
            {state.message && <p class="run-message">{state.message}</p>}
          </li>
        ))}
      </ol>
      {states?.nodes.length === 0 && <p class="muted">It has no state.</p>}
      {after !== null && (
        <button type="button" class="button" onClick={() => setAfter(null)}>
          First 50
        </button>
      )}
      {states?.pageInfo.hasNextPage && (
        <MorePages cursor={states.pageInfo.endCursor ?? null} onMore={setAfter} />
      )}
    </section>
  );
}

function Family({ run }: { readonly run: Run }) {
  const [after, setAfter] = useState<string | null>(null);
  const { data, problem, refresh } = useQuery(RunSubflowsDocument, { id: run.id, after });
  const subflows = data?.flowRun?.subflows;
  const { parentFlowRun } = run;
  return (
    <section class="panel run-panel" aria-label="Parent and subflows">
      <h2>Parent and subflows</h2>
      <p>
        {parentFlowRun ? (
          <>
            Subflow of <Link to={addressOf(`/runs/${parentFlowRun.id}`)}>{parentFlowRun.name}</Link>{' '}
            <StateBadge type={parentFlowRun.stateType} name={parentFlowRun.stateName} />
          </>
        ) : (
          <span class="muted">It has no parent.</span>
        )}
      </p>
      <ErrorBox problem={problem} onRetry={refresh} />
      {subflows?.nodes.length === 0 && <p class="muted">It has no subflows.</p>}
      <ul class="run-states">
        {subflows?.nodes.map(({ id, name, stateType, stateName }) => (
          <li key={id} class="actions">
            <StateBadge type={stateType} name={stateName} />
            <Link to={addressOf(`/runs/${id}`)}>{name}</Link>
          </li>
        ))}
      </ul>
      {subflows?.pageInfo.hasNextPage && (
        <MorePages cursor={subflows.pageInfo.endCursor ?? null} onMore={setAfter} />
      )}
    </section>
  );
}

function Folded({ name, value }: { readonly name: string; readonly value: unknown }) {
  const isEmpty = value === null || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  if (isEmpty) return <p class="muted">{name}: none</p>;
  return (
    <details>
      <summary>{name}</summary>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

function Facts({ run }: { readonly run: Run }) {
  const { policy } = run;
  const times = [
    ['Created', run.created],
    ['Expected start', run.expectedStartTime],
    ['Next scheduled start', run.nextScheduledStartTime],
    ['Started', run.startTime],
    ['Ended', run.endTime],
  ] as const;
  const texts = [
    ['Flow', run.flow.name],
    ['Deployment', run.deployment?.name],
    ['Queue', run.workQueueName],
    ['Tags', run.tags.join(', ')],
    ['Created by', run.createdBy?.displayValue],
    ['Ran for', run.totalRunTime > 0 ? formatSeconds(run.totalRunTime) : null],
    ['Attempts', String(run.runCount)],
    ['Retries', policy.retries?.toString()],
    ['Delay of retries', typeof policy.retryDelay === 'number' ? formatSeconds(policy.retryDelay) : null],
    ['Id', run.id],
  ] as const;
  return (
    <section class="panel run-panel" aria-label="Facts">
      <h2>Facts</h2>
      <dl class="run-facts">
        {times.map(([name, instant]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Time instant={instant} />
            </dd>
          </div>
        ))}
        {texts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text || <span class="muted">–</span>}</dd>
          </div>
        ))}
      </dl>
      <Folded name="Parameters" value={run.parameters} />
      <Folded name="Job variables" value={run.jobVariables} />
      <Folded name="Labels" value={run.labels} />
    </section>
  );
}

function Details({ id }: { readonly id: string }) {
  const { data, isStale, isLoading, problem, refresh } = useQuery(RunPageDocument, { id });
  const [isActing, setActing] = useState(false);
  const [round, setRound] = useState(0);
  const run = data?.flowRun;
  usePageTitle(run ? `${run.name} · Run` : 'Run');
  useSubscription(
    RunChangedDocument,
    { filter: { id: { any: [id] } } },
    {
      next() {
        refresh();
        setRound(before => before + 1);
      },
    },
  );
  if (data && !isStale && !run) return <NoSuchRun id={id} />;
  if (!run)
    return (
      <>
        <h1>Run</h1>
        {isLoading && <p class="muted">Loading …</p>}
        <ErrorBox problem={problem} onRetry={refresh} />
      </>
    );
  const forbidden = whyForbidden('operate');
  return (
    <div class="run-page">
      <div class="actions">
        <h1>{run.name}</h1>
        <StateBadge type={run.stateType} name={run.stateName} />
        <button type="button" class="button" disabled={forbidden !== null} onClick={() => setActing(true)}>
          Move this run …
        </button>
        {forbidden !== null && <span class="muted">{forbidden}</span>}
      </div>
      <ErrorBox problem={problem} onRetry={refresh} />
      {isActing && (
        <ActPanel
          set={{ flowRuns: { id: { any: [id] } }, all: false }}
          words={`The run ${run.name}`}
          forbidden={forbidden}
          mayForce={hasScope('force')}
          onClose={() => setActing(false)}
        />
      )}
      <div class="run-columns">
        <History id={id} round={round} />
        <div class="run-page">
          <Facts run={run} />
          <Family run={run} />
        </div>
      </div>
    </div>
  );
}

function NoSuchRun({ id }: { readonly id: string }) {
  return (
    <div class="page-message">
      <h1>No such run</h1>
      <p>
        There is no run <code>{id}</code>, or it was deleted. Check the address, or go to{' '}
        <Link to={addressOf('/runs')}>all runs</Link>.
      </p>
    </div>
  );
}

/** One run: its history, what it belongs to, and the way to move it. */
export function RunPage({ id }: { readonly id: string }) {
  return isId(id) ? <Details id={id} /> : <NoSuchRun id={id} />;
}
