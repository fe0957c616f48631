import { addSeconds, type Instant, secondsBetween } from '../src/domain/instant';
import { isTerminal } from '../src/domain/state';
import { outages, type SampleDeployment } from './flows';
import type { Step } from './history';
import { pick } from './random';

type End = Pick<Step, 'type' | 'name' | 'message' | 'data'>;

const result = { type: 'reference', storage_key: 'results/summary.json' };

/** How runs end outside of outages. */
const usualEnds: readonly (readonly [End, number])[] = [
  [{ type: 'COMPLETED', data: result }, 48],
  [{ type: 'COMPLETED' }, 42],
  [{ type: 'FAILED', message: 'Column "order_id" is missing in the file.' }, 2],
  [{ type: 'FAILED', name: 'TimedOut', message: 'The run took longer than 3600 s.' }, 1],
  [{ type: 'CRASHED', message: 'The container ran out of memory.' }, 2],
  [{ type: 'CANCELLED', message: 'Wrong partition.' }, 2],
];

function endOf(random: () => number, flow: string, start: Instant, night: Instant): End {
  const before = secondsBetween(start, night);
  const outage = outages.find(
    ({ flows, from, to }) => flows.includes(flow) && before <= from && before >= to,
  );
  if (outage && random() < outage.share) return { type: outage.type, message: outage.message };
  return pick(random, usualEnds);
}

const transient = 'The connection was reset.';

/** What the attempts before the last failed with, one message each: those of a run that fails are like its end. */
function earlierFailures(random: () => number, end: End, retries: number): string[] {
  const message = end.message ?? transient;
  if (end.type === 'FAILED' && end.name === undefined) return Array<string>(retries).fill(message);
  return end.type === 'COMPLETED' && retries > 0 && random() < 0.08 ? [transient] : [];
}

/** The states of a run that was due at a time, from its creation to its end or to the end of the night. */
export function stepsOf(
  random: () => number,
  { flow, seconds, retries }: Pick<SampleDeployment, 'flow' | 'seconds' | 'retries'>,
  { created, due, night }: { created: Instant; due: Instant; night: Instant },
): Step[] {
  const worker = `worker-${1 + Math.floor(random() * 4)}`;
  const attempt = () => seconds[0] + random() ** 2 * (seconds[1] - seconds[0]);
  const steps: Step[] = [
    { type: 'SCHEDULED', at: created, actor: 'scheduler', stateDetails: { scheduledTime: due } },
  ];
  let now = addSeconds(due, 0.4 + random() * 4);
  const add = (step: Omit<Step, 'at' | 'actor'>, actor = worker) => steps.push({ ...step, at: now, actor });
  const pass = (passed: number) => {
    now = addSeconds(now, passed);
  };
  const end = endOf(random, flow, due, night);
  add({ type: 'PENDING' });
  pass(2 + random() * 28);
  add({ type: 'RUNNING' });
  for (const message of earlierFailures(random, end, retries)) {
    pass(attempt() / 2);
    const scheduledTime = addSeconds(now, 60);
    add({ type: 'SCHEDULED', name: 'AwaitingRetry', message, stateDetails: { scheduledTime } });
    pass(60 + random());
    add({ type: 'RUNNING', name: 'Retrying' });
  }
  pass(end.name === 'TimedOut' ? 3600 + random() : attempt());
  add(end, end.type === 'CANCELLED' ? 'ines' : worker);
  return steps.filter(({ at }) => at <= night);
}

/** The states of a subflow, which runs while its parent does and ends shortly before it, in the same way. */
export function stepsOfSubflow(parent: readonly Step[], created: Instant, night: Instant): Step[] {
  const end = parent.at(-1);
  const actor = end?.actor ?? 'worker-1';
  const steps: Step[] = [
    { type: 'SCHEDULED', at: created, actor, stateDetails: { scheduledTime: created } },
    { type: 'PENDING', at: addSeconds(created, 0.2), actor },
    { type: 'RUNNING', at: addSeconds(created, 1.1), actor },
  ];
  if (end && isTerminal(end.type)) steps.push({ ...end, at: addSeconds(end.at, -2) });
  return steps.filter(({ at }) => at <= night);
}
