import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { parseDatabaseAddress } from '../../../src/config/databaseAddress';
import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import { ownAuthor } from '../../../src/domain/state';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { createDataSource } from '../../../src/persistence/connection/dataSource';
import type { DatabaseKind } from '../../../src/persistence/connection/dialect';
import { insertRows } from '../../../src/persistence/connection/hotInsertRows';
import { DeploymentEntity, FlowEntity, namedRowOf } from '../../../src/persistence/entities/deployment';
import type { FlowRunRow } from '../../../src/persistence/entities/flowRun';
import { FlowRunEntity, FlowRunTagEntity } from '../../../src/persistence/entities/flowRun';
import { FlowRunStateEntity, flowRunStateColumnsOf } from '../../../src/persistence/entities/state';
import { applyFlowRunFilter, hasConditions } from '../../../src/persistence/filter/applyFlowRunFilter';
import { decidingTags } from '../../../src/persistence/filter/newestByTags';
import type { TagLookup } from '../../../src/persistence/filter/operators';
import { countFlowRuns, findFlowRunPage } from '../../../src/persistence/flowRuns/flowRunPages';
import { insertTaskRuns } from '../../../src/persistence/flowRuns/taskRuns';
import { describeOnEveryDatabase } from '../../harness/databases';
import { at, idOf, putIn, sampleRun } from '../sampleRuns';
import { deployments, filters, flowNames, manyRuns, messages, parents } from './arbitraries';
import { isAskedFor } from './reference';

const kinds: readonly DatabaseKind[] = ['embedded', 'mysql', 'mariadb'];
// Not connected, for text needs no database.
const dataSources: Readonly<Record<DatabaseKind, DataSource>> = {
  embedded: createDataSource(parseDatabaseAddress('file::memory:')),
  mysql: createDataSource(parseDatabaseAddress('mysql://user@127.0.0.1/none')),
  mariadb: createDataSource(parseDatabaseAddress('mariadb://user@127.0.0.1/none')),
};
const snakeCase = (sql: string): string =>
  sql.replaceAll(/\brun\.\w+/g, column => column.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));

/** The condition with the names of its columns, and the values of its parameters in their order. */
function parts(
  filter: FlowRunFilter | null,
  kind: DatabaseKind = 'mysql',
  tagLookup: TagLookup = 'allAtOnce',
): [string, ...unknown[]] {
  const query = dataSources[kind].createQueryBuilder().from<FlowRunRow>('flow_run', 'run');
  applyFlowRunFilter(query, filter, { tagLookup });
  const [, ...condition] = query.getQuery().split(' WHERE ');
  return [snakeCase(condition.join(' WHERE ')), ...Object.values(query.getParameters())];
}

const early = at(1);
const late = at(2);
const [earlyText, lateText] = ['2026-01-01 00:00:00.000001', '2026-01-01 00:00:00.000002'];
const tagged = 'SELECT flow_run_id FROM flow_run_tag WHERE tag';

describe('each condition', () => {
  test.each<[string, FlowRunFilter, readonly unknown[]]>([
    ['id.any', { id: { any: [idOf(1), idOf(2)] } }, ['run.id IN (:...filter_0)', [idOf(1), idOf(2)]]],
    ['id.notAny', { id: { notAny: [idOf(1)] } }, ['run.id NOT IN (:...filter_0)', [idOf(1)]]],
    ['name.any', { name: { any: ['a'] } }, ['run.name IN (:...filter_0)', ['a']]],
    ['name.like', { name: { like: 'Á%' } }, ['INSTR(run.name_lowered, :filter_0) > 0', 'á%']],
    ['tags.any', { tags: { any: ['x', 'y'] } }, [`run.id IN (${tagged} IN (:...filter_0))`, ['x', 'y']]],
    ['tags.all of one', { tags: { all: ['x', 'x'] } }, [`run.id IN (${tagged} = :filter_0)`, 'x']],
    [
      'tags.all of few',
      { tags: { all: ['x', 'y'] } },
      [`(run.id IN (${tagged} = :filter_0) AND run.id IN (${tagged} = :filter_1))`, 'x', 'y'],
    ],
    [
      'tags.all of many',
      { tags: { all: ['v', 'w', 'x', 'y', 'z'] } },
      [
        `(run.id IN (${tagged} = :filter_0) AND (SELECT COUNT(*) FROM flow_run_tag ` +
          'WHERE flow_run_id = run.id AND tag IN (:...filter_1)) = :filter_2)',
        'v',
        ['w', 'x', 'y', 'z'],
        4,
      ],
    ],
    ['tags.isNull', { tags: { isNull: true } }, ["run.tags = '[]'"]],
    ['tags.isNull: false', { tags: { isNull: false } }, ["run.tags <> '[]'"]],
    [
      'deploymentId.any',
      { deploymentId: { any: [idOf(1)] } },
      ['run.deployment_id IN (:...filter_0)', [idOf(1)]],
    ],
    ['deploymentId.isNull', { deploymentId: { isNull: true } }, ['run.deployment_id IS NULL']],
    [
      'workQueueName.any',
      { workQueueName: { any: ['q'] } },
      ['run.work_queue_name IN (:...filter_0)', ['q']],
    ],
    [
      'workQueueName.isNull: false',
      { workQueueName: { isNull: false } },
      ['run.work_queue_name IS NOT NULL'],
    ],
    [
      'state.type.any',
      { state: { type: { any: ['FAILED'] } } },
      ['run.state_type IN (:...filter_0)', ['FAILED']],
    ],
    [
      'state.type.notAny',
      { state: { type: { notAny: ['FAILED'] } } },
      ['run.state_type NOT IN (:...filter_0)', ['FAILED']],
    ],
    [
      'state.name.any',
      { state: { name: { any: ['Late'] } } },
      ['run.state_name IN (:...filter_0)', ['Late']],
    ],
    [
      'state.name.notAny',
      { state: { name: { notAny: ['Late'] } } },
      ['run.state_name NOT IN (:...filter_0)', ['Late']],
    ],
    [
      'state.message.like',
      { state: { message: { like: 'Lost' } } },
      [
        'INSTR((SELECT COALESCE(held.message_lowered, LOWER(held.message)) FROM flow_run_state held ' +
          'WHERE held.id = run.state_id), :filter_0) > 0',
        'lost',
      ],
    ],
    [
      'state.timestamp',
      { state: { timestamp: { before: late, after: early } } },
      ['(run.state_timestamp <= :filter_0 AND run.state_timestamp >= :filter_1)', lateText, earlyText],
    ],
    [
      'flow.id',
      { flow: { id: { any: [idOf(1)], notAny: [idOf(2)] } } },
      [
        'run.flow_id IN (SELECT flow.id FROM flow WHERE (flow.id IN (:...filter_0) AND flow.id NOT IN (:...filter_1)))',
        [idOf(1)],
        [idOf(2)],
      ],
    ],
    [
      'flow.name',
      { flow: { operator: 'OR', name: { any: ['etl'], like: '%É' } } },
      [
        'run.flow_id IN (SELECT flow.id FROM flow WHERE (flow.name IN (:...filter_0) OR ' +
          'INSTR(COALESCE(flow.name_lowered, LOWER(flow.name)), :filter_1) > 0))',
        ['etl'],
        '%é',
      ],
    ],
    [
      'deployment',
      { deployment: { name: { like: 'A' }, flow: { name: { any: ['etl'] } } } },
      [
        'run.deployment_id IN (SELECT deployment.id FROM deployment WHERE ' +
          '(INSTR(COALESCE(deployment.name_lowered, LOWER(deployment.name)), :filter_0) > 0 AND ' +
          'deployment.flow_id IN (SELECT flow.id FROM flow WHERE flow.name IN (:...filter_1))))',
        'a',
        ['etl'],
      ],
    ],
    ['flowVersion.any', { flowVersion: { any: ['v1'] } }, ['run.flow_version IN (:...filter_0)', ['v1']]],
    [
      'startTime',
      { startTime: { before: late, after: early } },
      [
        '(run.effective_start_time <= :filter_0 AND run.effective_start_time >= :filter_1)',
        lateText,
        earlyText,
      ],
    ],
    ['startTime.isNull', { startTime: { isNull: true } }, ['run.start_time IS NULL']],
    [
      'endTime',
      { endTime: { before: late, after: early, isNull: false } },
      [
        '(run.end_time <= :filter_0 AND run.end_time >= :filter_1 AND run.end_time IS NOT NULL)',
        lateText,
        earlyText,
      ],
    ],
    [
      'expectedStartTime',
      { expectedStartTime: { before: late, after: early } },
      [
        '(run.expected_start_time <= :filter_0 AND run.expected_start_time >= :filter_1)',
        lateText,
        earlyText,
      ],
    ],
    [
      'nextScheduledStartTime',
      { nextScheduledStartTime: { before: late, after: early } },
      [
        '(run.next_scheduled_start_time <= :filter_0 AND run.next_scheduled_start_time >= :filter_1)',
        lateText,
        earlyText,
      ],
    ],
    [
      'parentFlowRunId.any',
      { parentFlowRunId: { any: [idOf(1)] } },
      ['run.parent_task_run_id IN (SELECT id FROM task_run WHERE flow_run_id IN (:...filter_0))', [idOf(1)]],
    ],
    [
      'parentTaskRunId.any',
      { parentTaskRunId: { any: [idOf(1)] } },
      ['run.parent_task_run_id IN (:...filter_0)', [idOf(1)]],
    ],
    ['parentTaskRunId.isNull', { parentTaskRunId: { isNull: true } }, ['run.parent_task_run_id IS NULL']],
    [
      'idempotencyKey.any',
      { idempotencyKey: { any: ['k'] } },
      ['run.idempotency_key IN (:...filter_0)', ['k']],
    ],
    [
      'idempotencyKey.notAny',
      { idempotencyKey: { notAny: ['k'] } },
      ['run.idempotency_key NOT IN (:...filter_0)', ['k']],
    ],
    ['createdBy.id', { createdBy: { id: [idOf(1)] } }, ['run.created_by_id IN (:...filter_0)', [idOf(1)]]],
    [
      'createdBy.type',
      { createdBy: { type: ['USER'] } },
      ['run.created_by_type IN (:...filter_0)', ['USER']],
    ],
    ['createdBy.isNull', { createdBy: { isNull: true } }, ['run.has_creator = 0']],
    ['createdBy.isNull: false', { createdBy: { isNull: false } }, ['run.has_creator <> 0']],
  ])('%s is the same SQL on every database', (_name, filter, expected) => {
    // Except for the plus that prevents the use of an index on the embedded database.
    const withoutPlus = (part: unknown) => (typeof part === 'string' ? part.replace('+tag', 'tag') : part);
    for (const kind of kinds) expect(parts(filter, kind).map(withoutPlus)).toEqual(expected);
  });

  test('a long list is sent as JSON on the embedded database, whose statements have few parameters', () => {
    const names = Array.from({ length: 501 }, (_, number) => `run ${number}`);

    expect(parts({ name: { any: names } }, 'embedded')).toEqual([
      'run.name IN (SELECT value FROM json_each(:filter_0))',
      JSON.stringify(names),
    ]);
    expect(parts({ name: { any: names } }, 'mysql')).toEqual(['run.name IN (:...filter_0)', names]);
    expect(parts({ name: { any: names } }, 'mariadb')).toEqual(['run.name IN (:...filter_0)', names]);
  });
});

describe('a filter by tags has a second form, that reads the tags of one run after the other', () => {
  const ofRun = 'SELECT COUNT(*) FROM flow_run_tag WHERE flow_run_id = run.id AND tag IN';

  test.each<[string, FlowRunFilter, readonly string[], string, readonly unknown[]]>([
    ['any', { tags: { any: ['x', 'y'] } }, ['x', 'y'], `(${ofRun} (:...filter_0)) > 0`, [['x', 'y']]],
    ['all', { tags: { all: ['x', 'y'] } }, ['x'], `(${ofRun} (:...filter_0)) = :filter_1`, [['x', 'y'], 2]],
    [
      'with another condition',
      { name: { any: ['a'] }, tags: { any: ['x'] } },
      ['x'],
      `(run.name IN (:...filter_0) AND (${ofRun} (:...filter_1)) > 0)`,
      [['a'], ['x']],
    ],
  ])('%s', (_name, filter, tags, sql, values) => {
    expect(decidingTags(filter)).toEqual(tags);
    expect(parts(filter, 'mysql', 'runByRun')).toEqual([sql, ...values]);
  });

  test.each<[string, FlowRunFilter]>([
    ['other conditions', { name: { any: ['a'] } }],
    ['whether there are tags', { tags: { isNull: true } }],
    ['no tag', { name: { any: ['a'] }, tags: { any: [], all: [] } }],
  ])('is not used for a filter by %s', (_name, filter) => {
    expect(decidingTags(filter)).toEqual([]);
    expect(parts(filter, 'mysql', 'runByRun')).toEqual(parts(filter, 'mysql', 'allAtOnce'));
  });
});

describe('conditions and groups together', () => {
  const red = { name: { any: ['red'] } };
  const first = { flowVersion: { any: ['v1'] } };

  test('all groups must match', () => {
    expect(parts({ ...red, ...first })).toEqual([
      '(run.name IN (:...filter_0) AND run.flow_version IN (:...filter_1))',
      ['red'],
      ['v1'],
    ]);
  });

  test('one group is enough under OR', () => {
    expect(parts({ operator: 'OR', ...red, ...first })).toEqual([
      '(run.name IN (:...filter_0) OR run.flow_version IN (:...filter_1))',
      ['red'],
      ['v1'],
    ]);
  });

  test('a group has an operator of its own, in brackets', () => {
    expect(
      parts({
        ...red,
        deploymentId: { operator: 'OR', any: [idOf(1)], isNull: true },
        tags: { isNull: false },
      }),
    ).toEqual([
      '(run.name IN (:...filter_0) AND (run.deployment_id IN (:...filter_1) OR run.deployment_id IS NULL) ' +
        "AND run.tags <> '[]')",
      ['red'],
      [idOf(1)],
    ]);
    expect(parts({ operator: 'OR', ...red, startTime: { after: early, isNull: false } })).toEqual([
      '(run.name IN (:...filter_0) OR (run.effective_start_time >= :filter_1 AND run.start_time IS NOT NULL))',
      ['red'],
      earlyText,
    ]);
  });

  test('the type and the name of a state are groups in a group', () => {
    const state = { type: { any: ['FAILED'], notAny: ['CRASHED'] }, name: { any: ['Late'] } } as const;

    expect(parts({ state: { operator: 'OR', ...state } })).toEqual([
      '((run.state_type IN (:...filter_0) AND run.state_type NOT IN (:...filter_1)) OR run.state_name IN (:...filter_2))',
      ['FAILED'],
      ['CRASHED'],
      ['Late'],
    ]);
  });

  test.each<[string, FlowRunFilter]>([
    ['id', { id: { any: [] } }],
    ['tags', { tags: { any: [] } }],
    ['state', { state: { type: { any: [] } } }],
    ['parent', { parentFlowRunId: { any: [] } }],
    ['creator', { createdBy: { id: [] } }],
  ])('an empty list of any matches no run: %s', (_name, filter) => {
    expect(parts(filter)).toEqual(['1 = 0']);
  });

  test.each<[string, FlowRunFilter | null]>([
    ['no filter', null],
    ['an empty filter', {}],
    ['an operator alone', { operator: 'OR', tags: { operator: 'OR' } }],
    ['empty groups', { id: {}, state: { type: {}, name: null }, tags: null }],
    ['none to keep out', { id: { notAny: [] }, state: { name: { notAny: [] } } }],
    ['all of no tags', { tags: { all: [] } }],
    ['any text', { name: { like: '' }, state: { message: { like: '' } } }],
    ['any flow', { flow: { operator: 'OR', id: { notAny: [] }, name: { like: '' } } }],
    ['any deployment', { deployment: { id: {}, name: null, flow: { name: {} } } }],
  ])('a filter without conditions: %s', (_name, filter) => {
    expect(hasConditions(filter)).toBe(false);
    expect(parts(filter)).toEqual(['']);
  });

  test('an empty condition is left out, under OR too', () => {
    expect(
      parts({ operator: 'OR', ...red, name: { any: ['red'], like: '' }, id: {}, tags: { all: [] } }),
    ).toEqual(['run.name IN (:...filter_0)', ['red']]);
  });
});

test('no value of a filter becomes SQL', () => {
  // Longer than any word of ours that the SQL could hold by chance.
  const hostile = fc
    .oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("' OR 1=1 --", '`; DROP TABLE flow_run', ':filter_0', '?'),
    )
    .map(text => `${text}§`);
  const list = fc.uniqueArray(hostile, { minLength: 1, maxLength: 600 });
  fc.assert(
    fc.property(list, hostile, fc.constantFrom(...kinds), (texts, text, kind) => {
      const filterOf = (any: readonly string[], like: string): FlowRunFilter => ({
        id: { any, notAny: any },
        name: { any, like },
        tags: { all: any, any },
        workQueueName: { any },
        state: { name: { any, notAny: any }, message: { like } },
        flow: { id: { any }, name: { any, like } },
        deployment: { id: { any }, name: { any, like }, flow: { name: { any } } },
        createdBy: { id: any, type: any },
        idempotencyKey: { any, notAny: any },
      });
      const harmless = texts.map((_, number) => `text ${number}`);

      expect(parts(filterOf(texts, text), kind)[0]).toBe(parts(filterOf(harmless, 'text'), kind)[0]);
      expect(parts(filterOf(texts, text), kind)[0]).not.toContain('§');
    }),
  );
});

describeOnEveryDatabase('a filter', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    const noState = sampleRun(0);
    await insertTaskRuns(
      opened,
      [...parents].map(([id, flowRunId]) => ({
        taskRun: { ...noState, id, flowRunId, taskKey: null, dynamicKey: null },
        state: null,
        extras: {},
      })),
    );
    await opened.transaction(async runner => {
      const dated = { created: at(0), updated: at(0) };
      const flows = [...flowNames].map(([id, name]) => namedRowOf({ id, name, ...dated }));
      await insertRows(runner, FlowEntity, flows);
      const limits = {
        concurrencyLimit: null,
        collisionStrategy: 'ENQUEUE',
        gracePeriodSeconds: null,
        activeSlots: 0,
      } as const;
      await insertRows(
        runner,
        DeploymentEntity,
        [...deployments].map(([id, named]) => namedRowOf({ id, ...named, ...limits, ...dated })),
      );
      const states = [...messages].map(([id, message], place) => {
        const state = { id, type: 'FAILED', name: 'Failed', timestamp: at(place), message } as const;
        return { ...state, data: null, stateDetails: {}, ...ownAuthor };
      });
      await insertRows(
        runner,
        FlowRunStateEntity,
        states.map(state => ({ ...state, ...flowRunStateColumnsOf(state, idOf(1)) })),
      );
    });
  });
  afterAll(() => opened.close());

  const found = async (filter: FlowRunFilter) => {
    const page = await findFlowRunPage(opened.reader.manager, {
      filter,
      sort: 'ID_DESC',
      limit: 100,
    });
    return {
      ids: page.map(({ flowRun }) => flowRun.id),
      count: await countFlowRuns(opened.reader.manager, filter),
    };
  };
  const empty = async () => {
    await opened.transaction(async runner => {
      await runner.getRepository(FlowRunTagEntity).deleteAll();
      await runner.getRepository(FlowRunEntity).deleteAll();
    });
  };

  test('accepts hundreds of tags', async () => {
    await empty();
    const tags = Array.from({ length: 700 }, (_none, index) => `tag ${index}`);
    await putIn(opened, [
      sampleRun(1, { tags }),
      sampleRun(2, { tags: tags.slice(1) }),
      sampleRun(3, { tags: [...tags, 'other'] }),
      sampleRun(4, { tags: ['tag 0'] }),
    ]);
    expect(await found({ tags: { all: [...tags, ...tags] } })).toEqual({ ids: [idOf(3), idOf(1)], count: 2 });
    expect(await found({ tags: { all: [...tags, 'other'] } })).toEqual({ ids: [idOf(3)], count: 1 });
  });

  test('finds exactly the runs that match', async () => {
    await fc.assert(
      fc.asyncProperty(manyRuns, fc.array(filters, { minLength: 25, maxLength: 25 }), async (runs, asked) => {
        await empty();
        await putIn(opened, runs);
        for (const filter of asked) {
          const expected = runs
            .filter(run => isAskedFor(run, filter, { parents, flowNames, deployments, messages }))
            .map(({ id }) => id)
            .reverse();
          expect(await found(filter)).toEqual({ ids: expected, count: expected.length });
        }
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  test('treats all characters of its values as text', async () => {
    const texts = ["' OR 1=1 --", '\\', '%', ':filter_0', '?', '😀', 'Ａ', '\u0000x', 'a\nb'];
    await empty();
    await putIn(
      opened,
      texts.map((text, place) => sampleRun(place + 1, { name: text, tags: [text], workQueueName: text })),
    );

    for (const [place, text] of texts.entries()) {
      const only = { ids: [idOf(place + 1)], count: 1 };
      expect(await found({ name: { any: [text] } })).toEqual(only);
      expect(await found({ name: { like: text } })).toEqual(only);
      expect(await found({ tags: { all: [text] } })).toEqual(only);
      expect(await found({ workQueueName: { any: [text] } })).toEqual(only);
    }
  });
});
