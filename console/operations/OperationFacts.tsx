import type { OperationDetailsFragment } from '../generated/graphql';
import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { formatSeconds } from '../ui/formatTime';
import { Time } from '../ui/Time';

function Other({ id }: { readonly id: string }) {
  return (
    <Link to={addressOf(`/operations/${id}`)} class="code">
      {id}
    </Link>
  );
}

const secondsBetween = (start: string, end: string): number => (Date.parse(end) - Date.parse(start)) / 1000;

/** Who started it, when, over which runs, how, and the operations that it belongs to. */
export function OperationFacts({ operation }: { readonly operation: OperationDetailsFragment }) {
  const { actor, created, started, ended, retryOf, undoOf, undoneBy, flowRuns, canary } = operation;
  const ratio = operation.pauseAboveFailureRatio;
  const brakes = [
    operation.runsPerSecond && `${operation.runsPerSecond} runs per second`,
    canary && `pauses after ${canary} runs`,
    typeof ratio === 'number' && `pauses above ${ratio * 100}% failures`,
    operation.includeSubflows && 'subflows too',
    operation.retryWaits && 'waits are tried again',
    operation.force && 'force: against the rules',
  ].filter(Boolean);
  return (
    <>
      <dl class="facts">
        <dt>By</dt>
        <dd>{actor}</dd>
        <dt>Created</dt>
        <dd>
          <Time instant={created} />
        </dd>
        <dt>Started</dt>
        <dd>
          <Time instant={started} />
        </dd>
        {ended && (
          <>
            <dt>Ended</dt>
            <dd>
              <Time instant={ended} />
            </dd>
          </>
        )}
        {started && ended && (
          <>
            <dt>Took</dt>
            <dd>{formatSeconds(secondsBetween(started, ended))}, pauses included</dd>
          </>
        )}
        {brakes.length > 0 && (
          <>
            <dt>How</dt>
            <dd>{brakes.join(', ')}</dd>
          </>
        )}
        {retryOf && (
          <>
            <dt>Retry of</dt>
            <dd>
              <Other id={retryOf.id} />
            </dd>
          </>
        )}
        {undoOf && (
          <>
            <dt>Undo of</dt>
            <dd>
              <Other id={undoOf.id} />
            </dd>
          </>
        )}
        {undoneBy && (
          <>
            <dt>Undone by</dt>
            <dd>
              <Other id={undoneBy.id} />
            </dd>
          </>
        )}
        <dt>Id</dt>
        <dd class="code">{operation.id}</dd>
      </dl>
      {flowRuns !== null && flowRuns !== undefined && (
        <details>
          <summary>The filter as JSON</summary>
          <pre>{JSON.stringify(flowRuns, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
