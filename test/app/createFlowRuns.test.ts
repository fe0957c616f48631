import { createFlowRuns } from '../../src/app/createFlowRuns';
import { findFlowRuns } from '../../src/app/findFlowRuns';
import type { FlowId } from '../../src/domain/identifiers';
import type { Database } from '../../src/persistence/database';
import { describeOnEveryDatabase } from '../harness/databases';
import { shared } from '../harness/shared';
import { openRest } from '../rest/rest';

const request = {
  id: null,
  deploymentId: null,
  name: null,
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

const countTags = async ({ primary }: Database): Promise<number> => {
  const rows: { count: number | string }[] = await primary.query(
    'SELECT COUNT(*) AS count FROM flow_run_tag',
  );
  return Number(rows[0]?.count);
};

describeOnEveryDatabase('createFlowRuns', database => {
  const rest = shared(() => openRest(database.url));

  test('makes 1,000 runs of 17 tags, which need more parameters than one statement accepts', async () => {
    const flowId = (await rest.createFlow()) as FlowId;
    const tags = Array.from({ length: 17 }, (_, index) => `tag ${index}`);

    const made = await createFlowRuns(
      rest.services,
      Array.from({ length: 1_000 }, () => ({ ...request, flowId, tags })),
    );

    expect(made.every(({ created }) => created)).toBe(true);
    expect(await countTags(rest.services.database)).toBe(17_000);
    const page = { filter: { tags: { all: tags } }, sort: 'ID_DESC', limit: 200, offset: 800 } as const;
    expect(await findFlowRuns(rest.services, rest.services.database.primary, page)).toHaveLength(200);
  });
});
