import { type StateType, stateTypes } from '../../src/domain/state';
import { missingPrefect } from '../databases/testRun';
import { mirrorOf, startAttachedGateway } from '../harness/attachedGateway';
import { describeOnDatabases } from '../harness/databases';
import { describeWhere } from '../harness/describeWhere';
import { multiplyRuns } from '../harness/multiplyRuns';
import { type PrefectSeed, type SeedRun, type SeedState, seedPrefect } from '../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../harness/prefectServer';
import type { Item, OperationGateway } from '../operations/harness';

const past = '2020-01-01T00:00:00Z';
const future = '2120-01-01T00:00:00Z';
const result = { type: 'reference', storage_key: 'a-result' };
const proposed: readonly StateType[] = [
  'SCHEDULED',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CANCELLING',
  'CRASHED',
  'PAUSED',
];
/** What runs are planned to become. */
const groups = proposed.flatMap(type =>
  [false, true].map(force => ({ type, force, tag: `${type} ${force}` })),
);
/** What is decided of all kinds of runs together. */
const decisions = [
  'ABORT ALREADY_TERMINAL',
  'ABORT NO_DEPLOYMENT',
  'ABORT UPSTREAM',
  'ACCEPT null',
  'REJECT ALREADY_COMPLETED',
  'REJECT CANCELLING_ONLY_TO_CANCELLED',
  'REJECT CANNOT_PAUSE_UNLESS_RUNNING',
  'REJECT CANNOT_RESUME_WITHOUT_DEPLOYMENT',
  'REJECT NO_INFRASTRUCTURE',
  'REJECT PAUSE_TIMED_OUT',
  'REJECT RESULT_WOULD_BE_LOST',
  'REJECT RETRYING',
];

const keysOf = (items: readonly Item[]) =>
  items.map(({ flowRunId, status, code }) => ({ flowRunId, status, code }));

describeWhere(missingPrefect(), 'plans over the runs of a Prefect server', () => {
  describeOnDatabases(['embedded'], 'that no other client moves', database => {
    let server: PrefectServer;
    let seed: PrefectSeed;
    let gateway: OperationGateway;
    let kinds = 0;

    beforeAll(async () => {
      server = await startPrefectServer();
      seed = seedPrefect(server);
      await fill();
      gateway = await startAttachedGateway(database.url, server.apiUrl);
    }, 300_000);
    afterAll(async () => {
      await gateway?.close();
      await server.stop();
    });

    /** Makes a run of each kind that the rules decide differently, and returns their ids. */
    async function makeTemplates(): Promise<{ ids: string[]; limitedId: string }> {
      const flowId = await seed.flow();
      const deploymentId = await seed.deployment(flowId);
      const limitedId = await seed.deployment(flowId, { concurrency_limit: 5 });
      const kindsOf = (type: StateType): Omit<SeedRun, 'flowId'>[] => {
        const states: SeedState[] = [{ type }];
        const withResult: SeedState[] = [{ type: 'RUNNING' }, { type, data: result }];
        const hasResult = type === 'COMPLETED' || type === 'FAILED';
        return [
          { states },
          { states, deploymentId, retries: 1, retryDelay: 60 },
          { states, deploymentId: limitedId, retries: 0 },
          { states: [{ type: 'RUNNING' }, { type: 'SCHEDULED' }, { type }], retries: 1 },
          { states: hasResult ? withResult : states, deploymentId },
        ];
      };
      const pausedWith = (state_details: object): Omit<SeedRun, 'flowId'> => ({
        states: [{ type: 'RUNNING' }, { type: 'PAUSED', state_details }],
      });
      const paused = [
        pausedWith({ pause_timeout: past }),
        pausedWith({ pause_timeout: future, pause_reschedule: true }),
      ];
      const runs = [...stateTypes.flatMap(kindsOf), ...paused];
      const ids = await seed.runs(runs.map(run => ({ ...run, flowId })));
      const withInfrastructure = ids.filter((_, index) => index % 3 === 0);
      for (const id of withInfrastructure)
        await seed.call('PATCH', `/flow_runs/${id}`, { infrastructure_pid: 'host:17' });
      return { ids, limitedId };
    }

    async function fill(): Promise<void> {
      const { ids, limitedId } = await makeTemplates();
      await server.kill();
      kinds = ids.length;
      for (const template of ids)
        for (const { tag } of groups) multiplyRuns(server.databaseFile, template, 1, [tag]);
      await server.restart();
      const { global_concurrency_limit: limit } = (await seed.call('GET', `/deployments/${limitedId}`)) as {
        global_concurrency_limit: { id: string };
      };
      await seed.call('PATCH', `/v2/concurrency_limits/${limit.id}`, { limit: 1000, active_slots: 500 });
    }

    test('predict the verdict and the code of every kind of run with every state', async () => {
      const codes = new Set<string>();
      for (const { type, force, tag } of groups) {
        const id = await gateway.plan({ flowRuns: { tags: { all: [tag] } }, state: { type }, force });
        await gateway.becomes(id, 'PLANNED');
        await gateway.startPlanned(id);
        await gateway.ended(id);
        const decided = await gateway.items(id);
        expect(decided).toHaveLength(kinds);
        expect(keysOf(decided)).toEqual(keysOf(decided.map(item => ({ ...item, ...item.planned }))));
        for (const { status, code } of decided) codes.add(`${status} ${code}`);
      }
      expect([...codes].sort()).toEqual(decisions);
      expect(await mirrorOf(gateway.ask)).toMatchObject({ mispredicted: 0 });
    }, 240_000);
  });
});
