import { countOf } from '../../ui/formatNumber';
import { TypedCountField } from './TypedCountField';
import type { TypedCount } from './useTypedCount';

interface StartPlanButtonProps {
  readonly typedCount: TypedCount;
  readonly isBlocked: boolean;
  /** Why it is blocked, unless the page already shows that. */
  readonly reason?: string | null;
  readonly isStarting: boolean;
  onStart(): void;
}

/** The button that starts a plan, behind the field in which a large number of runs is typed; a reason stands beside it. */
export function StartPlanButton({
  typedCount,
  isBlocked,
  reason,
  isStarting,
  onStart,
}: StartPlanButtonProps) {
  const { count, isConfirmed } = typedCount;
  return (
    <>
      <TypedCountField {...typedCount} />
      <div class="actions">
        <button
          type="button"
          class="button button-primary"
          disabled={isBlocked || isStarting || !isConfirmed}
          onClick={onStart}
        >
          {isStarting ? 'Starting …' : `Start: ${countOf(count, 'run')}`}
        </button>
        {reason && <span class="field-problem">{reason}</span>}
      </div>
    </>
  );
}
