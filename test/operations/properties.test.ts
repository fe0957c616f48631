import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  record,
} from 'fast-check';
import type { Instant } from '../../src/domain/instant';
import { stateTypes } from '../../src/domain/state';
import { operationSettingsOf } from '../../src/operations/settings';
import { startWorker } from '../../src/operations/worker/worker';
import { DeploymentEntity } from '../../src/persistence/entities/deployment';
import { describeOnEveryDatabase } from '../harness/databases';
import { type Operation, type OperationGateway, startOperationGateway } from './harness';

/** A run that an operation may find, in a few words. */
const someRun = record({
  type: constantFrom(...stateTypes, null),
  name: constantFrom(undefined, 'Late', 'Resuming'),
  hasDeployment: boolean(),
  hasResult: boolean(),
  reschedules: boolean(),
  infrastructurePid: constantFrom(null, 'host:1'),
  retries: constantFrom(null, 2),
});
const someRuns = array(someRun, { minLength: 1, maxLength: 14 });
const someProposal = record({ type: constantFrom(...stateTypes), force: boolean() });

type Run = typeof someRun extends Arbitrary<infer Value> ? Value : never;

describeOnEveryDatabase('for random runs and states', database => {
  let gateway: OperationGateway;
  // What is decided does not depend on the database: what is written and read does, and a few operations show it.
  const times = database.kind === 'embedded' ? 20 : 6;

  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    await gateway.worker.stop();
    const moment = gateway.services.clock();
    gateway.services.clock = (): Instant => moment;
  });
  afterAll(() => gateway.close());

  async function make(runs: readonly Run[], concurrencyLimit: number | null): Promise<void> {
    await gateway.clear();
    const deploymentId = await gateway.createDeployment({ concurrencyLimit });
    const inputs = runs.map(({ type, name, hasDeployment, hasResult, reschedules, ...more }) => {
      const state = type && {
        type,
        name,
        ...(hasResult && { data: { type: 'reference' } }),
        stateDetails: { ...(type === 'PAUSED' && { pauseReschedule: reschedules }) },
      };
      return { state, ...more, ...(hasDeployment && { deploymentId }) };
    });
    if (inputs.length > 0) await gateway.createEach(inputs);
  }

  /** Lets workers with batches of a size do what there is to do until an operation is in a status. */
  async function working<Result>(
    workers: number,
    size: number,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const settings = operationSettingsOf({
      operationBatchSize: size,
      operationPlanSeconds: 900,
      operationRetryWaitSeconds: 0,
    });
    const started = Array.from({ length: workers }, () => startWorker(gateway.services, settings));
    try {
      return await work();
    } finally {
      await Promise.all(started.map(worker => worker.stop()));
    }
  }

  const input = ({ type, force }: { type: string; force: boolean }) => ({
    state: { type },
    flowRuns: {},
    all: true,
    force,
  });
  const outcomesOf = ({ outcomes }: Operation) =>
    outcomes.map(({ status, code, count }) => `${status} ${code} ${count}`).sort();

  test('a plan predicts what the operation then does', async () => {
    await assert(
      asyncProperty(someRuns, someProposal, constantFrom(null, 2), async (runs, proposal, limit) => {
        await make(runs, limit);
        await working(1, 4, async () => {
          const id = await gateway.plan(input(proposal));
          const plan = await gateway.becomes(id, 'PLANNED');
          await gateway.startPlanned(id);
          const operation = await gateway.ended(id);
          expect(outcomesOf(operation)).toEqual(outcomesOf(plan));
          for (const item of await gateway.items(id))
            expect([item.status, item.code]).toEqual([item.planned?.status, item.planned?.code]);
        });
      }),
      { numRuns: times },
    );
  }, 120_000);

  const takeSlots = { state: { type: 'PENDING' }, flowRuns: { state: { name: { any: ['Scheduled'] } } } };
  const activeSlots = async (): Promise<unknown> => {
    const [deployment] = await gateway.services.database.writer.getRepository(DeploymentEntity).find();
    return deployment?.activeSlots;
  };
  /** A lease that an operation ended is not given back: the slot is taken again without one. */
  const withoutLeases = async () =>
    (await gateway.runColumns()).map(({ state_details, ...run }) => {
      const details = JSON.parse(String(state_details)) as Record<string, unknown>;
      return { ...run, details: { ...details, deploymentConcurrencyLeaseId: undefined } };
    });

  // A decline that writes no state may still change the policy, by the rules: there is nothing to put back there.
  test('an undo restores every column of every moved run, and every slot', async () => {
    await assert(
      asyncProperty(someRuns, someProposal, constantFrom(null, 2), async (runs, proposal, limit) => {
        await make(
          runs.filter(({ type }) => type !== null),
          limit,
        );
        // Some then hold slots by the rules, with leases; others run without, as they were made.
        await working(1, 4, async () => gateway.ended(await gateway.start(takeSlots)));
        const before = await withoutLeases();
        const slots = await activeSlots();
        const moved = new Set<string>();
        await working(2, 4, async () => {
          const id = await gateway.start(input(proposal));
          await gateway.ended(id);
          for (const { flowRunId, state } of await gateway.items(id))
            if (state !== null) moved.add(flowRunId);
          const undo = await gateway.call('undoBulkOperation', {
            id: ['ID!', id],
            reason: ['String!', 'a test'],
          });
          if (undo.id !== undefined) await gateway.ended(undo.id);
          else expect(undo.code).toBe('NOTHING_TO_DO');
        });
        const isMoved = (run: { id: string }) => moved.has(run.id);
        expect((await withoutLeases()).filter(isMoved)).toEqual(before.filter(isMoved));
        expect(await activeSlots()).toBe(slots);
      }),
      { numRuns: times },
    );
  }, 120_000);

  test('batches of every size have the results of one batch, and several workers have equal outcomes', async () => {
    await assert(
      asyncProperty(
        someRuns,
        someProposal,
        constantFrom(null, 2),
        integer({ min: 1, max: 5 }),
        async (runs, proposal, limit, size) => {
          const results: { outcomes: string[]; items: unknown[] }[] = [];
          for (const [workers, batch] of [
            [1, 100],
            [1, size],
            [3, size],
          ] as const) {
            await make(runs, limit);
            await working(workers, batch, async () => {
              const id = await gateway.start(input(proposal));
              const operation = await gateway.ended(id);
              const items = (await gateway.items(id)).map(({ status, code, state }) => [
                status,
                code,
                state?.type,
                state?.name,
              ]);
              results.push({ outcomes: outcomesOf(operation), items });
            });
          }
          const [whole, split, shared] = results;
          expect(split).toEqual(whole);
          expect(shared?.outcomes).toEqual(whole?.outcomes);
        },
      ),
      { numRuns: Math.ceil(times / 2) },
    );
  }, 120_000);
});
