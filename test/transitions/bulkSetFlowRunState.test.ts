import type { ObjectLiteral, Repository } from 'typeorm';
import { FlowRunEntity } from '../../src/persistence/entities/flowRun';
import { describeOnDatabases } from '../harness/databases';
import { seededGateway } from '../harness/seededGateway';
import { isAnybodyWaiting, until } from '../harness/waiting';

interface Answer {
  bulkSetFlowRunState: { results: object[] };
}

// On the embedded database nothing happens between the two: there is no such moment.
describeOnDatabases(
  ['mysql', 'mariadb'],
  'runs that another transaction holds when a call finds them',
  database => {
    const gateway = seededGateway(database);

    const createRunning = (tag: string): Promise<string[]> =>
      gateway.seeding.createFlowRuns(
        [1, 2, 3].map(() => ({ flowId: gateway.flowId, tags: [tag], state: { type: 'RUNNING' } })),
      );

    /** Cancels the running runs of a tag while somebody changes one of them, who ends only when the call waits. */
    async function cancelDuring(
      change: (runs: Repository<ObjectLiteral>) => Promise<unknown>,
      tag: string,
    ): Promise<object[]> {
      const { services, ask } = gateway;
      const rival = services.database.writer.createQueryRunner('master');
      try {
        await rival.startTransaction();
        await change(rival.manager.getRepository<ObjectLiteral>(FlowRunEntity));
        const call = ask<Answer>(
          `mutation ($tag: String!) {
          bulkSetFlowRunState(input: {
            state: { type: CANCELLED }
            flowRuns: { tags: { any: [$tag] }, state: { type: { any: [RUNNING] } } }
          }) {
            results { flowRunId status details { ... on StateAbortDetails { code } } state { type } flowRun { id } }
          }
        }`,
          { tag },
        );
        await until(() => isAnybodyWaiting(services.database));
        await rival.commitTransaction();
        return (await call).bulkSetFlowRunState.results;
      } finally {
        await rival.release();
      }
    }

    const cancelled = (id: string | undefined) => ({
      flowRunId: id,
      status: 'ACCEPT',
      details: {},
      state: { type: 'CANCELLED' },
      flowRun: { id },
    });

    test('and deletes are returned in their position, as not found', async () => {
      const [oldest, middle, newest] = await createRunning('deleted');
      const results = await cancelDuring(runs => runs.delete({ id: middle }), 'deleted');
      expect(results).toEqual([
        cancelled(newest),
        {
          flowRunId: middle,
          status: 'ABORT',
          details: { code: 'FLOW_RUN_NOT_FOUND' },
          state: null,
          flowRun: null,
        },
        cancelled(oldest),
      ]);
    });

    test('and moves out of the filter are not moved, and are returned with their current state', async () => {
      const [oldest, middle, newest] = await createRunning('moved');
      const results = await cancelDuring(
        runs => runs.update({ id: middle }, { stateType: 'COMPLETED' }),
        'moved',
      );
      expect(results).toEqual([
        cancelled(newest),
        {
          flowRunId: middle,
          status: 'ABORT',
          details: { code: 'NO_LONGER_MATCHES' },
          state: { type: 'COMPLETED' },
          flowRun: { id: middle },
        },
        cancelled(oldest),
      ]);
    });
  },
);
