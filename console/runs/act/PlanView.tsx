import { useEffect, useRef } from 'preact/hooks';
import type { PlanFragment } from '../../generated/graphql';
import { announce } from '../../ui/announce';
import { ErrorBox } from '../../ui/ErrorBox';
import { countOf, formatNumber } from '../../ui/formatNumber';
import { Notice } from '../../ui/Notice';
import { Time } from '../../ui/Time';
import { Forecast } from './Forecast';
import { OutcomeTable } from './OutcomeTable';
import { refusalAdvice } from './operationRefusal';
import { StartPlanButton } from './StartPlanButton';
import { useIsExpired } from './useIsExpired';
import type { Plan } from './usePlan';
import { useTypedCount } from './useTypedCount';

interface PlanViewProps {
  readonly planning: Plan;
  /** Why the plan may not be started; null if it may. */
  readonly forbidden: string | null;
}

/** Scrolls to the plan: the panel where it scrolls by itself, else the page. */
function bringIntoView(plan: HTMLElement): void {
  const panel = plan.closest('.act');
  if (panel === null || panel.scrollHeight <= panel.clientHeight) plan.scrollIntoView();
  else panel.scrollTop += plan.getBoundingClientRect().top - panel.getBoundingClientRect().top;
}

/** A plan: what would happen, and the button that makes it happen. */
export function PlanView({ planning, forbidden }: PlanViewProps) {
  const { plan, problem, start } = planning;
  if (plan === null) return null;
  return <ReadyPlan key={plan.id} {...{ plan, problem, start, forbidden }} />;
}

interface ReadyPlanProps extends Pick<Plan, 'problem' | 'start'>, Pick<PlanViewProps, 'forbidden'> {
  readonly plan: PlanFragment;
}

function ReadyPlan({ plan, problem, start, forbidden }: ReadyPlanProps) {
  const isExpired = useIsExpired(plan);
  const typedCount = useTypedCount(plan.counts.matched);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (plan.status !== 'PLANNED') return;
    if (section.current !== null) bringIntoView(section.current);
    announce(
      `Planned: ${countOf(plan.counts.matched, 'run')}, ${formatNumber(plan.counts.accepted)} will move.`,
    );
  }, [plan.status]);
  if (plan.status === 'PLANNING')
    return <ErrorBox problem={problem}>Its progress is not known. Plan again.</ErrorBox>;
  if (plan.status === 'FAILED')
    return (
      <Notice kind="warning">
        The plan failed: {plan.error} Change the runs or the form, then plan again.
      </Notice>
    );
  const { matched, accepted } = plan.counts;
  if (matched === 0)
    return <Notice kind="warning">No run matches any more, so there is nothing to start.</Notice>;
  const blocked = isExpired ? 'The plan has expired.' : forbidden;
  return (
    <section class="plan" aria-label="Plan" ref={section}>
      <h3>
        {countOf(matched, 'run')}: {formatNumber(accepted)} will move
      </h3>
      <OutcomeTable plan={plan} />
      {accepted === 0 && (
        <Notice kind="warning">
          No run would get this state. What is rejected may get another one: see the reasons above.
        </Notice>
      )}
      <p class="muted">
        Exactly these runs; one that changes before its turn is skipped. The plan holds until{' '}
        <Time instant={plan.expires} isShort />.
      </p>
      <Forecast runs={matched} runsPerSecond={plan.runsPerSecond} />
      <StartPlanButton
        typedCount={typedCount}
        isBlocked={blocked !== null}
        reason={blocked}
        isStarting={start.isRunning}
        onStart={() => void start.run(matched)}
      />
      {isExpired && <Notice kind="warning">The plan has expired, and nothing was moved. Plan again.</Notice>}
      <ErrorBox problem={start.problem}>{refusalAdvice[start.problem?.code ?? '']}</ErrorBox>
    </section>
  );
}
