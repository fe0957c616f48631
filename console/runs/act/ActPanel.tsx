import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from '../../location/Link';
import { addressOf } from '../../location/location';
import { announce } from '../../ui/announce';
import { ErrorBox } from '../../ui/ErrorBox';
import { Notice } from '../../ui/Notice';
import type { OperationSet } from '../selection';
import { type ActForm, messageOf, newActForm, operationInputOf, problemsOf } from './actForm';
import { BrakeFields } from './BrakeFields';
import { FormField } from './FormField';
import { refusalAdvice } from './operationRefusal';
import { PlanView } from './PlanView';
import { planProgress } from './planProgress';
import { TargetFields } from './TargetFields';
import { usePlan } from './usePlan';
import './ActPanel.css';

interface ActPanelProps {
  readonly set: OperationSet;
  /** The set in words. */
  readonly words: string;
  /** Why nothing may be moved; null if it may. */
  readonly forbidden: string | null;
  /** Whether runs may be moved against the rules. */
  readonly mayForce: boolean;
  onClose(): void;
}

/** Moves the selected runs: which state and why, then a plan, then the start. */
export function ActPanel({ set, words, forbidden, mayForce, onClose }: ActPanelProps) {
  const [form, setForm] = useState<ActForm>(newActForm);
  const [isChecked, setChecked] = useState(false);
  const [outdated, setOutdated] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const planning = usePlan();
  const problems = problemsOf(form);
  const input = operationInputOf(form, set);
  const setKey = JSON.stringify(set);
  const isPlanning = planning.plan?.status === 'PLANNING' && planning.problem === undefined;

  useEffect(() => heading.current?.focus(), []);
  const started = useRef<HTMLParagraphElement>(null);
  useEffect(() => started.current?.querySelector('a')?.focus(), [planning.startedId]);
  const planned = useRef(setKey);
  useEffect(() => {
    if (planned.current === setKey) return;
    planned.current = setKey;
    dropPlan('The selection changed: plan again.');
  }, [setKey]);

  function dropPlan(why: string): void {
    if (planning.plan === null || planning.startedId !== null) return;
    planning.drop();
    setOutdated(why);
    announce(why);
  }

  const change = (part: Partial<ActForm>) => {
    setForm(before => ({ ...before, ...part }));
    dropPlan('The form changed: plan again.');
  };

  return (
    <aside class="act panel" aria-label="Act on the selected runs">
      <header class="act-header">
        <h2 ref={heading} tabIndex={-1}>
          Act
        </h2>
        <button type="button" class="button button-quiet" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div class="act-set">
        <p>
          <strong>{words}</strong>
        </p>
        <details>
          <summary>The filter as JSON</summary>
          <pre>{JSON.stringify(set.flowRuns, null, 2)}</pre>
        </details>
      </div>
      {planning.startedId === null ? (
        <form
          class="act-form"
          onSubmit={event => {
            event.preventDefault();
            setChecked(true);
            setOutdated(null);
            if (Object.keys(problems).length === 0) void planning.make.run(input);
          }}
          noValidate
        >
          <TargetFields form={form} onChange={change} />
          <FormField
            label="Reason"
            hint="Stored with the operation."
            required
            value={form.reason}
            problem={isChecked ? problems.reason : undefined}
            onChange={reason => change({ reason })}
          />
          <FormField
            label="Message"
            hint="Of the new state, in the history of each run: the reason, unless you change it."
            value={messageOf(form)}
            onChange={message => change({ message })}
          />
          <BrakeFields form={form} problems={isChecked ? problems : {}} onChange={change} />
          {mayForce && (
            <label class="check act-force">
              <input
                type="checkbox"
                checked={form.force}
                onChange={event => change({ force: event.currentTarget.checked })}
              />
              <span>
                <strong>Force</strong>: move against the rules. Runs may lose results, or run twice.
              </span>
            </label>
          )}
          <div class="actions">
            <button
              type="submit"
              class={`button ${planning.plan === null ? 'button-primary' : ''}`}
              disabled={forbidden !== null || planning.make.isRunning || isPlanning}
            >
              {planning.plan === null || isPlanning ? 'Plan' : 'Plan again'}
            </button>
            <span class="muted" role="status">
              {isPlanning && planning.plan !== null
                ? planProgress(planning.plan)
                : (forbidden ?? outdated ?? 'A plan writes nothing.')}
            </span>
          </div>
          <ErrorBox problem={planning.make.problem}>
            {refusalAdvice[planning.make.problem?.code ?? '']}
          </ErrorBox>
          <PlanView planning={planning} forbidden={forbidden} />
        </form>
      ) : (
        <Notice kind="success">
          <p role="status">
            <strong>Started.</strong> It runs on the gateway: this page can be closed.
          </p>
          <p ref={started}>
            <Link to={addressOf(`/operations/${planning.startedId}`)}>Watch the operation</Link>
          </p>
        </Notice>
      )}
    </aside>
  );
}
