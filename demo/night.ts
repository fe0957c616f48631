import { v7 } from 'uuid';
import { type FlowRun, noStateColumns } from '../src/domain/flowRun';
import type { DeploymentId, FlowId, FlowRunId, TaskRunId } from '../src/domain/identifiers';
import { addSeconds, type Instant, secondsBetween } from '../src/domain/instant';
import { holdsSlot, type State } from '../src/domain/state';
import { nameFor } from '../src/flowRuns/runNames';
import type { NewFlowRun } from '../src/persistence/flowRuns/flowRuns';
import type { insertTaskRuns } from '../src/persistence/flowRuns/taskRuns';
import { parentFlow, type SampleDeployment, subflow } from './flows';
import { followSubflow, liveThrough, type NewIdAt, type Step } from './history';
import { createNumbers, pick } from './random';
import { stepsOf, stepsOfSubflow } from './steps';

const seed = 20261123;
const nightSeconds = 10 * 3600;
const secondsAhead = 2 * 3600;
/** How many runs there are without the subflows. */
const mainRuns = 3700;

/** A deployment that was made; without an id for the flow of the subflows, which has none. */
export interface Made extends SampleDeployment {
  readonly flowId: FlowId;
  readonly deploymentId: DeploymentId | null;
}

type Lived = NewFlowRun & { readonly earlier: readonly State[] };
type LivedTask = Parameters<typeof insertTaskRuns>[1][number] & { readonly earlier: readonly State[] };

/** Runs and the task runs that stand for subflows, each with its last state and the earlier ones. */
export interface Night {
  readonly runs: Lived[];
  readonly tasks: LivedTask[];
}

const withEarlier = <Run extends object>(run: Run, states: readonly State[]) => ({
  ...run,
  state: states.at(-1) ?? null,
  earlier: states.slice(0, -1),
  extras: {},
});

/** A run of a deployment, before its first state. */
function runOf(random: () => number, from: Made, created: Instant, newIdAt: NewIdAt): FlowRun {
  const id = newIdAt(created) as FlowRunId;
  const region = random() < 0.6 ? 'eu' : 'us';
  return {
    ...noStateColumns,
    id,
    name: nameFor(id),
    flowId: from.flowId,
    deploymentId: from.deploymentId,
    workQueueName: from.queue,
    flowVersion: random() < 0.8 ? '2.4.1' : '2.4.0',
    tags: [...from.tags, region],
    parameters: { region, partition: Math.floor(random() * 500) },
    idempotencyKey: null,
    parentTaskRunId: null,
    createdBy: { id: null, type: 'DEPLOYMENT', displayValue: 'schedule' },
    infrastructurePid: null,
    policy: {
      retries: from.retries || null,
      retryDelay: from.retries ? 60 : null,
      pauseKeys: [],
      resuming: false,
      retryType: null,
    },
    created,
    updated: created,
  };
}

/** The night as it was lived, from its begin to what is scheduled after its end. */
export function imagineNight(night: Instant, made: readonly Made[], loading: Made): Night {
  const random = createNumbers(seed);
  const newIdAt: NewIdAt = at =>
    v7({
      msecs: Date.parse(`${at.slice(0, 23)}Z`),
      random: Uint8Array.from({ length: 16 }, () => random() * 256),
    });
  const runs: Lived[] = [];
  const tasks: LivedTask[] = [];
  const holders = new Map<DeploymentId | null, number>();
  let running = 0;
  const weighted = made.map(deployment => [deployment, deployment.weight] as const);

  /** The steps of a run that found no free slot when it was due, or that no worker took, end early. */
  const shorten = (steps: Step[], { deploymentId, concurrencyLimit }: Made, due: Instant): Step[] => {
    const last = steps.at(-1);
    const age = secondsBetween(due, night);
    if (age > 0 && age < 2400 && random() < 0.1) {
      const late = {
        type: 'SCHEDULED',
        name: 'Late',
        actor: 'switchyard',
        stateDetails: { scheduledTime: due },
      } as const;
      return age < 30
        ? steps.slice(0, 1)
        : [...steps.slice(0, 1), { ...late, at: addSeconds(due, 20 + random()) }];
    }
    if (last === undefined || !holdsSlot(last.type)) return steps;
    const taken = holders.get(deploymentId) ?? 0;
    if (concurrencyLimit !== null && taken >= concurrencyLimit) return steps.slice(0, 1);
    holders.set(deploymentId, taken + 1);
    if (last.type !== 'RUNNING') return steps;
    const at = addSeconds(last.at, secondsBetween(last.at, night) / 2);
    running += 1;
    if (running % 6 === 1)
      return [...steps, { type: 'CANCELLING', message: 'Wrong partition.', at, actor: 'ines' }];
    if (running % 6 === 2) return steps.slice(0, 2);
    if (running % 6 === 3) {
      holders.set(deploymentId, taken);
      return [...steps, { type: 'PAUSED', message: 'Waits for approval.', at, actor: last.actor }];
    }
    return steps;
  };

  const addSubflows = (parent: FlowRun, steps: readonly Step[]) => {
    const start = steps.find(({ type }) => type === 'RUNNING')?.at ?? night;
    for (const table of ['orders', 'customers', 'refunds'].slice(0, 1 + Math.floor(random() * 3))) {
      const created = addSeconds(start, 1 + random() * 5);
      const ofChild = stepsOfSubflow(steps, created, night);
      if (ofChild.length === 0) continue;
      const name = `${subflow}-${table}`;
      const keys = { name, taskKey: name, dynamicKey: '0', flowRunId: parent.id };
      const task = { ...keys, id: newIdAt(created) as TaskRunId, created, updated: created };
      const run = {
        ...runOf(random, loading, created, newIdAt),
        parameters: { table },
        tags: parent.tags,
        parentTaskRunId: task.id,
        createdBy: { id: parent.id, type: 'FLOW_RUN', displayValue: parent.name },
      };
      const { flowRun, states } = liveThrough(run, ofChild, newIdAt);
      runs.push(withEarlier({ flowRun }, states));
      const followed = followSubflow(task, flowRun, states, newIdAt);
      tasks.push(withEarlier({ taskRun: followed.taskRun }, followed.states));
    }
  };

  const addRun = (due: Instant) => {
    const from = pick(random, weighted);
    const created = addSeconds(due < night ? due : night, -60 - random() * 240);
    const run = runOf(random, from, created, newIdAt);
    const steps = shorten(stepsOf(random, from, { created, due, night }), from, due);
    const wasStarted = steps.some(({ type }) => type === 'RUNNING');
    const infrastructurePid = wasStarted ? `batch-${1 + Math.floor(random() * 9)}:${run.id.slice(-6)}` : null;
    const { flowRun, states } = liveThrough({ ...run, infrastructurePid }, steps, newIdAt);
    runs.push(withEarlier({ flowRun }, states));
    if (from.flow === parentFlow && wasStarted) addSubflows(flowRun, steps);
  };

  // Uneven, but over the whole time: each run is due a random part of an even step after the one before it.
  const step = (nightSeconds + secondsAhead) / mainRuns;
  for (let index = 0; index < mainRuns; index += 1) {
    addRun(addSeconds(night, (index + random()) * step - nightSeconds));
  }
  return { runs, tasks };
}
