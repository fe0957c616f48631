import { v7 } from 'uuid';
import type { BackgroundService } from '../../src/background/backgroundService';
import type { CollisionStrategy } from '../../src/domain/flowRun';
import type { DeploymentId, FlowRunId } from '../../src/domain/identifiers';
import { addSeconds, type Instant, parseInstant } from '../../src/domain/instant';
import type { StateProposal, StateType } from '../../src/domain/state';
import { ownAuthor } from '../../src/domain/state';
import { createFlowRuns, type FlowRunRequest } from '../../src/flowRuns/createFlowRuns';
import { createTaskRuns } from '../../src/flowRuns/createTaskRuns';
import { createDeployment, createFlow } from '../../src/flowRuns/flowsAndDeployments';
import { corePolicy } from '../../src/orchestration/policies';
import { type Database, openDatabase } from '../../src/persistence/connection/database';
import { LeaseEntity } from '../../src/persistence/entities/deployment';
import { FlowRunStateEntity } from '../../src/persistence/entities/state';
import { findDeploymentsByIds, findFlowRunsByIds } from '../../src/persistence/flowRuns/rowsById';
import type { Services } from '../../src/transitions/services';
import { transitionFlowRuns } from '../../src/transitions/transitionFlowRuns';
import { testServices } from '../harness/services';

/** A database with services on it whose clock stands still. */
export interface World {
  services: Services;
  /** What was reported as an error inside. */
  reported: unknown[];
  /** Another process on the same database, with the same clock. */
  join(): Promise<Services>;
  /** Moves the clock on by these seconds. */
  pass(seconds: number): void;
  deployment(concurrencyLimit: number | null, collisionStrategy?: CollisionStrategy): Promise<DeploymentId>;
  /** Creates a run in the given state. */
  make(state: StateType | StateProposal, more?: Partial<FlowRunRequest>): Promise<FlowRunId>;
  makeMany(
    count: number,
    state: StateType | StateProposal,
    more?: Partial<FlowRunRequest>,
  ): Promise<FlowRunId[]>;
  /** Makes a run in a state that is a subflow of another. */
  subflow(
    parent: FlowRunId,
    state: StateType | StateProposal,
    more?: Partial<FlowRunRequest>,
  ): Promise<FlowRunId>;
  /** Makes a run of a deployment that takes a slot and begins to run. */
  start(deploymentId: DeploymentId): Promise<FlowRunId>;
  /** Moves a run by the rules, on behalf of a caller that renews its leases unless it is an older one. */
  move(id: FlowRunId, state: StateType, caller?: { renews: boolean }): Promise<void>;
  stateOf(
    id: FlowRunId,
  ): Promise<{ type: string; message: string | null; written: number; leaseId?: string }>;
  activeSlots(id: DeploymentId): Promise<number>;
  /** The ids of the leases of a deployment that there are rows of. */
  leases(id: DeploymentId): Promise<string[]>;
  close(): Promise<void>;
}

const proposalOf = (state: StateType | StateProposal): StateProposal =>
  typeof state === 'string' ? { type: state } : state;

/** Opens a world on a database, which is migrated. */
export async function openWorld(
  url: string,
  start: Instant = parseInstant('2026-11-23T12:00:00.250125Z'),
): Promise<World> {
  let now = start;
  const reported: unknown[] = [];
  const opened: Database[] = [];

  async function join(): Promise<Services> {
    const database = await openDatabase({ url });
    opened.push(database);
    return testServices(database, reported, { clock: () => now });
  }

  const services = await join();
  const { database } = services;
  await database.migrate();
  const { flow } = await createFlow(services, 'etl');
  const request: FlowRunRequest = {
    id: null,
    flowId: flow.id,
    deploymentId: null,
    name: null,
    tags: [],
    workQueueName: null,
    flowVersion: null,
    parameters: {},
    idempotencyKey: null,
    parentTaskRunId: null,
    infrastructurePid: null,
    createdBy: null,
    policy: { retries: null, retryDelay: null, pauseKeys: [], resuming: false, retryType: null },
    state: null,
  };

  const makeMany: World['makeMany'] = async (count, state, more) => {
    const one = { ...request, state: proposalOf(state), ...more };
    const made = await createFlowRuns(
      services,
      Array.from({ length: count }, () => one),
      ownAuthor,
    );
    return made.map(({ flowRun }) => flowRun.id);
  };

  const make: World['make'] = async (state, more) => {
    const [id] = await makeMany(1, state, more);
    if (id === undefined) throw new Error('no run was made');
    return id;
  };

  const move: World['move'] = async (id, type, { renews } = { renews: true }) => {
    await transitionFlowRuns(services, {
      runs: [id],
      filter: null,
      proposal: { type },
      policy: corePolicy,
      callerRenewsLeases: renews,
      author: ownAuthor,
    });
  };

  return {
    services,
    reported,
    join,
    pass(seconds) {
      now = addSeconds(now, seconds);
    },
    async deployment(concurrencyLimit, collisionStrategy = 'ENQUEUE') {
      const { deployment } = await createDeployment(services, {
        flowId: flow.id,
        name: v7(),
        concurrencyLimit,
        collisionStrategy,
        gracePeriodSeconds: null,
      });
      return deployment.id;
    },
    make,
    makeMany,
    async subflow(parent, state, more) {
      const task = { id: null, flowRunId: parent, name: null, taskKey: null, dynamicKey: null, state: null };
      const [made] = await createTaskRuns(services, [task], ownAuthor);
      return make(state, { parentTaskRunId: made?.taskRun.id ?? null, ...more });
    },
    async start(deploymentId) {
      const id = await make('SCHEDULED', { deploymentId });
      await move(id, 'PENDING');
      await move(id, 'RUNNING');
      return id;
    },
    move,
    async stateOf(id) {
      const [run] = await findFlowRunsByIds(database.primary, [id]);
      const states = await database.primary
        .getRepository(FlowRunStateEntity)
        .find({ where: { flowRunId: id } });
      const current = states.find(state => state.id === run?.stateId);
      return {
        type: String(run?.stateType),
        message: current?.message ?? null,
        written: states.length,
        leaseId: current?.stateDetails.deploymentConcurrencyLeaseId ?? undefined,
      };
    },
    async activeSlots(id) {
      const [deployment] = await findDeploymentsByIds(database.primary, [id]);
      return deployment?.activeSlots ?? Number.NaN;
    },
    async leases(id) {
      const leases = await database.primary.getRepository(LeaseEntity).findBy({ deploymentId: id });
      return leases.map(lease => lease.id);
    },
    async close() {
      for (const one of opened) await one.close();
    },
  };
}

/** Runs a service until nothing is left to do; returns how much each batch changed. */
export async function runService(service: BackgroundService, services: Services): Promise<number[]> {
  const batches: number[] = [];
  for await (const changed of service.run(services)) batches.push(changed);
  return batches;
}

/** Services whose every transaction is preceded by something else. */
export const interrupted = (services: Services, before: () => Promise<unknown>): Services => ({
  ...services,
  database: {
    ...services.database,
    async transaction(work) {
      await before();
      return services.database.transaction(work);
    },
  },
});

/** Services of a process that is killed before its transaction is committed. */
export const killed = (services: Services): Services => ({
  ...services,
  database: {
    ...services.database,
    transaction: work =>
      services.database.transaction(async (runner, attempt) => {
        await work(runner, attempt);
        throw new Error('killed');
      }),
  },
});
