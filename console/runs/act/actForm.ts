import type { BulkOperationInput, StateType } from '../../generated/graphql';
import type { OperationSet } from '../selection';

/** What is typed into the form, as it is typed. */
export interface ActForm {
  readonly type: StateType;
  readonly name: string;
  /** null: as the reason. */
  readonly message: string | null;
  /** For SCHEDULED; null for at once. */
  readonly scheduledTime: string | null;
  readonly reason: string;
  readonly runsPerSecond: string;
  readonly canary: string;
  readonly failurePercent: string;
  readonly includeSubflows: boolean;
  readonly retryWaits: boolean;
  readonly force: boolean;
}

/** The form when it opens. */
export const newActForm: ActForm = {
  type: 'SCHEDULED',
  name: '',
  message: null,
  scheduledTime: null,
  reason: '',
  runsPerSecond: '',
  canary: '',
  failurePercent: '',
  includeSubflows: false,
  retryWaits: false,
  force: false,
};

/** A field of the form, and what is wrong with it. */
export type FormProblems = Partial<Record<keyof ActForm, string>>;

const isWhole = (text: string, min: number): boolean => /^\d+$/.test(text) && Number(text) >= min;

/** What is wrong with the form; empty if it can be sent. */
export function problemsOf(form: ActForm): FormProblems {
  const problems: FormProblems = {};
  if (form.reason.trim() === '') problems.reason = 'Say why: the reason is stored with the operation.';
  if (form.runsPerSecond !== '' && !isWhole(form.runsPerSecond, 1))
    problems.runsPerSecond = 'Must be a whole number from 1 on.';
  if (form.canary !== '' && !isWhole(form.canary, 1)) problems.canary = 'Must be a whole number from 1 on.';
  const percent = Number(form.failurePercent);
  if (form.failurePercent !== '' && !(percent >= 0 && percent <= 100))
    problems.failurePercent = 'Must be a number from 0 to 100.';
  return problems;
}

/** The message of the new state: the reason, unless another one is typed. */
export const messageOf = ({ message, reason }: Pick<ActForm, 'message' | 'reason'>): string =>
  message ?? reason;

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** The input of a plan, from a form without problems. */
export function operationInputOf(form: ActForm, set: OperationSet): BulkOperationInput {
  const percent = numberOf(form.failurePercent);
  const message = messageOf(form).trim();
  const isScheduled = form.type === 'SCHEDULED' && form.scheduledTime !== null;
  return {
    state: {
      type: form.type,
      ...(form.name.trim() !== '' && { name: form.name.trim() }),
      ...(message !== '' && { message }),
      ...(isScheduled && { stateDetails: { scheduledTime: form.scheduledTime } }),
    },
    flowRuns: set.flowRuns,
    all: set.all,
    reason: form.reason.trim(),
    runsPerSecond: numberOf(form.runsPerSecond),
    canary: numberOf(form.canary),
    pauseAboveFailureRatio: percent === undefined ? undefined : percent / 100,
    includeSubflows: form.includeSubflows,
    retryWaits: form.retryWaits,
    force: form.force,
  };
}
