import { type OperationKind, operationKinds } from '../../chaos/attached/operationKinds';
import { missingPrefect } from '../databases/testRun';
import { mirrorOf } from '../harness/attachedGateway';
import { describeOnDatabases } from '../harness/databases';
import { describeWhere } from '../harness/describeWhere';
import { type Ask, askAt } from '../harness/gateway';
import { type GatewayProcess, startGatewayProcess } from '../harness/gatewayProcess';
import { type PrefectSeed, seedPrefect } from '../harness/prefectSeed';
import { type PrefectServer, startPrefectServer } from '../harness/prefectServer';
import { until } from '../harness/waiting';

interface Seen {
  status: string;
  counts: Record<string, number>;
  outcomes: { status: string; code: string | null; count: number }[];
  items: { nodes: { flowRunId: string; status: string; position: number | null }[] };
}

/** An operation over runs of its own. */
type Case = OperationKind & { count: number };

const counts: Readonly<Record<string, number>> = { reruns: 40, 'forced completions': 40 };
const otherCount = 20;
/** So slow that neither kill comes after the end, whatever the machine. */
const runsPerSecond = 5;
const cases: Case[] = operationKinds.map(kind => ({ ...kind, count: counts[kind.name] ?? otherCount }));

const testMilliseconds = 300_000;
const maxRecoveryMilliseconds = 180_000;
const roundMilliseconds = 15_000;

describeWhere(missingPrefect(), 'operations on the runs of a Prefect server', () => {
  describeOnDatabases(['embedded'], 'whose gateway and server are killed', database => {
    let server: PrefectServer;
    let seed: PrefectSeed;
    let gateway: GatewayProcess;
    let ask: Ask;

    const start = async () => {
      gateway = startGatewayProcess(database.url, {
        PREFECT_API_URL: server.apiUrl,
        UPSTREAM_TIMEOUT_SECONDS: '30',
      });
      ask = askAt(`${await gateway.url()}/graphql`);
    };
    beforeAll(async () => {
      server = await startPrefectServer();
      seed = seedPrefect(server);
    }, testMilliseconds);
    afterAll(async () => {
      await gateway.kill();
      await server.stop();
    });

    const find = async (id: string): Promise<Seen> =>
      (
        await ask<{ bulkOperation: Seen }>(
          `query ($id: ID!) { bulkOperation(id: $id) { status counts { matched pending accepted rejected }
            outcomes { status code count } items(first: 100) { nodes { flowRunId status position } } } }`,
          { id },
        )
      ).bulkOperation;

    async function startOperation(tag: string, { input, count }: Case): Promise<string> {
      const { made } = await ask<{ made: { id: string } }>(
        'mutation ($input: BulkOperationInput!) { made: startBulkOperation(input: $input) { ... on BulkOperation { id } } }',
        {
          input: {
            reason: 'a test',
            flowRuns: { tags: { all: [tag] } },
            expectedCount: count,
            runsPerSecond,
            ...input,
          },
        },
      );
      return made.id;
    }

    const pendingOf = async (ids: readonly string[]): Promise<number> => {
      const found = await Promise.all(ids.map(find));
      return found.reduce((sum, { counts }) => sum + (counts.pending ?? 0), 0);
    };

    /**
     * Waits until no more runs than these are undecided, for longer than one wait may take: what a killed gateway had claimed is free
     * after a minute only, and a restarted server takes its time where others of its kind start beside it.
     */
    async function untilPending(ids: readonly string[], most: number): Promise<void> {
      const end = performance.now() + maxRecoveryMilliseconds;
      while (performance.now() < end && (await pendingOf(ids)) > most) {
        const round = performance.now() + roundMilliseconds;
        await until(async () => performance.now() > round || (await pendingOf(ids)) <= most);
      }
      expect(await pendingOf(ids)).toBeLessThanOrEqual(most);
    }

    /** Waits until some more runs are decided. */
    const untilProgress = async (ids: readonly string[]): Promise<void> =>
      untilPending(ids, Math.max(0, (await pendingOf(ids)) - 10));

    const typesOf = async (id: string) =>
      ((await seed.call('GET', `/flow_run_states/?flow_run_id=${id}`)) as { type: string }[]).map(
        ({ type }) => type,
      );

    test(
      'move every run once, and say of each what became of it',
      async () => {
        const flowId = await seed.flow();
        const deploymentId = await seed.deployment(flowId);
        const runs = new Map<Case, string[]>();
        for (const one of cases) {
          const made = Array.from({ length: one.count }, () => ({
            ...one.run,
            flowId,
            deploymentId,
            tags: [one.name],
          }));
          runs.set(one, await seed.runs(made));
        }
        await start();
        await until(async () => (await mirrorOf(ask))?.phase === 'FOLLOWING');
        const operations = new Map<Case, string>();
        for (const one of cases) operations.set(one, await startOperation(one.name, one));
        const ids = [...operations.values()];

        await untilProgress(ids);
        await server.kill();
        await server.restart();
        await untilProgress(ids);
        await gateway.kill();
        await start();
        expect(await pendingOf(ids)).toBeGreaterThan(0);
        await untilPending(ids, 0);

        for (const [one, id] of operations) {
          const seen = await find(id);
          const { outcomes, items, counts } = seen;
          expect(outcomes).toEqual([{ ...one.outcome, count: one.count }]);
          expect(counts).toMatchObject({ matched: one.count, pending: 0 });
          const positions = items.nodes.map(({ position }) => position ?? 0).sort((a, b) => a - b);
          expect(positions).toEqual(positions.map((_, index) => index + 1));
          const moved = runs.get(one) ?? [];
          expect(new Set(items.nodes.map(({ flowRunId }) => flowRunId))).toEqual(new Set(moved));
          expect(await Promise.all(moved.map(typesOf))).toEqual(moved.map(() => one.history));
        }
      },
      testMilliseconds,
    );
  });
});
