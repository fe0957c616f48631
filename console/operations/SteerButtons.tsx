import { useState } from 'preact/hooks';
import type { Action } from '../api/useAction';
import { whyForbidden } from '../api/viewer';
import type { OperationRowFragment } from '../generated/graphql';
import { Dialog } from '../ui/Dialog';
import { formatNumber } from '../ui/formatNumber';
import { hasEnded, isPausable } from './operationStatus';
import type { Command } from './useSteering';

interface SteerButtonsProps {
  readonly operation: OperationRowFragment;
  readonly steering: Action<[command: Command]>;
}

/** Pause, resume and cancel. */
export function SteerButtons({ operation, steering }: SteerButtonsProps) {
  const [isAsking, setAsking] = useState(false);
  const { status, reason, counts } = operation;
  if (hasEnded(status)) return null;
  const forbidden = whyForbidden('operate');
  const isOff = forbidden !== null || steering.isRunning;
  const give = (name: 'pause' | 'resume' | 'cancel') => {
    setAsking(false);
    void steering.run({ name });
  };
  const about = `: ${reason}`;
  return (
    <div class="steer">
      {isPausable(status) && (
        <button
          type="button"
          class="button"
          disabled={isOff}
          title={forbidden ?? undefined}
          onClick={() => give('pause')}
        >
          Pause<span class="visually-hidden">{about}</span>
        </button>
      )}
      {status === 'PAUSED' && (
        <button
          type="button"
          class="button"
          disabled={isOff}
          title={forbidden ?? undefined}
          onClick={() => give('resume')}
        >
          Resume<span class="visually-hidden">{about}</span>
        </button>
      )}
      <button
        type="button"
        class="button button-danger"
        disabled={isOff}
        title={forbidden ?? undefined}
        onClick={() => setAsking(true)}
      >
        Cancel<span class="visually-hidden">{about}</span>
      </button>
      {isAsking && (
        <Dialog title="Cancel this operation?" onClose={() => setAsking(false)}>
          <p>“{reason}”</p>
          <p>
            {formatNumber(counts.matched - counts.pending)} decided runs stay as they are;{' '}
            {formatNumber(counts.pending)} are left alone. It cannot be resumed afterwards.
          </p>
          <div class="actions">
            <button type="button" class="button button-danger" onClick={() => give('cancel')}>
              Cancel the operation
            </button>
            <button type="button" class="button" autofocus onClick={() => setAsking(false)}>
              Leave it running
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
