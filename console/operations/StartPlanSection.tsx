import { useAction } from '../api/useAction';
import { whyForbidden } from '../api/viewer';
import type { OperationDetailsFragment } from '../generated/graphql';
import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { Forecast } from '../runs/act/Forecast';
import { refusalAdvice } from '../runs/act/operationRefusal';
import { StartPlanButton } from '../runs/act/StartPlanButton';
import { startPlan } from '../runs/act/startPlan';
import { useIsExpired } from '../runs/act/useIsExpired';
import { useTypedCount } from '../runs/act/useTypedCount';
import { ErrorBox } from '../ui/ErrorBox';
import { countOf, formatNumber } from '../ui/formatNumber';
import { Notice } from '../ui/Notice';
import { Time } from '../ui/Time';

interface StartPlanSectionProps {
  /** It is planned, or its plan has expired. */
  readonly operation: OperationDetailsFragment;
  onStart(): void;
}

/** Starts a plan from its own page. */
export function StartPlanSection({ operation, onStart }: StartPlanSectionProps) {
  const { id, counts, expires, runsPerSecond } = operation;
  const { matched, accepted } = counts;
  const isExpired = useIsExpired(operation);
  const typedCount = useTypedCount(matched);
  const start = useAction(async () => {
    await startPlan(id, matched);
    onStart();
  });
  if (isExpired)
    return (
      <Notice kind="warning">
        The plan has expired, and nothing was moved. Select the runs{' '}
        <Link to={addressOf('/runs')}>again</Link>, and start the new plan in time.
      </Notice>
    );
  if (matched === 0) return <Notice kind="warning">No run matched, so there is nothing to start.</Notice>;
  return (
    <>
      <p>
        A plan of {countOf(matched, 'run')}: {formatNumber(accepted)} will move. Nothing is moved until it is
        started. It holds until <Time instant={expires} isShort />.
      </p>
      <Forecast runs={matched} runsPerSecond={runsPerSecond} />
      <StartPlanButton
        typedCount={typedCount}
        isBlocked={whyForbidden('operate') !== null}
        isStarting={start.isRunning}
        onStart={() => void start.run()}
      />
      <ErrorBox problem={start.problem}>{refusalAdvice[start.problem?.code ?? '']}</ErrorBox>
    </>
  );
}
