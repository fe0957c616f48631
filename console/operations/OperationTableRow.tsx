import type { OperationRowFragment } from '../generated/graphql';
import { Link } from '../location/Link';
import { addressOf } from '../location/location';
import { refusalAdvice } from '../runs/act/operationRefusal';
import { ErrorBox } from '../ui/ErrorBox';
import { formatSeconds } from '../ui/formatTime';
import { Time } from '../ui/Time';
import { pauseInWords, targetInWords } from './operationStatus';
import { ProgressBar } from './ProgressBar';
import { StatusBadge } from './StatusBadge';
import { SteerButtons } from './SteerButtons';
import { useSteering } from './useSteering';

interface OperationTableRowProps {
  readonly operation: OperationRowFragment;
  onChange(operation: OperationRowFragment): void;
}

/** One operation of the list. */
export function OperationTableRow({ operation, onChange }: OperationTableRowProps) {
  const { id, status, undoneBy, reason, actor, created, estimatedSecondsLeft } = operation;
  const steering = useSteering(id, onChange);
  const pause = pauseInWords(operation);
  return (
    <>
      <tr>
        <td>
          <StatusBadge status={status} undoneBy={undoneBy} />
          {pause !== null && <p class="muted operation-why">{pause}</p>}
        </td>
        <th scope="row" class="operation-name">
          <Link to={addressOf(`/operations/${id}`)}>{reason}</Link>
          <p class="muted">
            {targetInWords(operation)} · by {actor} · <Time instant={created} isShort />
          </p>
        </th>
        <td class="operation-progress">
          <ProgressBar operation={operation} />
          {typeof estimatedSecondsLeft === 'number' && (
            <p class="muted">about {formatSeconds(estimatedSecondsLeft)} left</p>
          )}
        </td>
        <td>
          <SteerButtons operation={operation} steering={steering} />
        </td>
      </tr>
      {steering.problem && (
        <tr>
          <td colSpan={4}>
            <ErrorBox problem={steering.problem}>{refusalAdvice[steering.problem.code]}</ErrorBox>
          </td>
        </tr>
      )}
    </>
  );
}
