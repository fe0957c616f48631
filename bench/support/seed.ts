import { createRandom, type Random } from './random';
import { instant, type Store, type Value } from './store';

const firstMoment = Date.UTC(2026, 0, 1);
const days90 = 90 * 24 * 3600 * 1000;
const rowsAtOnce = 1000;

/** State types, how often each is found among a hundred runs, and the names that states of the type have. */
const states: readonly [type: string, share: number, names: readonly [string, ...string[]]][] = [
  ['RUNNING', 40, ['Running']],
  ['COMPLETED', 34, ['Completed', 'Completed', 'Completed', 'Cached']],
  ['FAILED', 8, ['Failed', 'Failed', 'TimedOut']],
  ['SCHEDULED', 8, ['Scheduled', 'Scheduled', 'Late', 'AwaitingRetry']],
  ['PENDING', 4, ['Pending']],
  ['CANCELLED', 3, ['Cancelled']],
  ['CRASHED', 2, ['Crashed']],
  ['PAUSED', 1, ['Paused', 'Suspended']],
];
const finished = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED']);
const adjectives = [
  'amber',
  'brisk',
  'calm',
  'dapper',
  'eager',
  'fuzzy',
  'gentle',
  'humble',
  'ivory',
] as const;
const animals = [
  'badger',
  'crane',
  'dolphin',
  'egret',
  'ferret',
  'gecko',
  'heron',
  'ibis',
  'jackal',
] as const;
/** Tags from the most to the least frequent. */
const tags = [
  'nightly',
  'production',
  'team-data',
  'etl',
  'backfill',
  'customer-42',
  'quarter-end',
  'rare',
] as const;
const queues = ['default', 'large', 'small', 'gpu'] as const;

const flowRunColumns = [
  'id',
  'name',
  'name_lowered',
  'flow_id',
  'deployment_id',
  'work_queue_name',
  'flow_version',
  'tags',
  'parameters',
  'idempotency_key',
  'parent_task_run_id',
  'has_creator',
  'created_by_id',
  'created_by_type',
  'created_by_display_value',
  'infrastructure_pid',
  'state_id',
  'state_type',
  'state_name',
  'state_timestamp',
  'run_count',
  'start_time',
  'end_time',
  'expected_start_time',
  'next_scheduled_start_time',
  'total_run_time',
  'retries',
  'retry_delay',
  'pause_keys',
  'resuming',
  'retry_type',
  'created',
  'updated',
];
const stateColumns = ['id', 'type', 'name', 'timestamp', 'message', 'data', 'state_details', 'flow_run_id'];
const taskRunColumns = ['id', 'name', 'flow_run_id', 'run_count', 'total_run_time', 'created', 'updated'];

/** The rows that one run takes. */
interface RunRows {
  run: Value[];
  tags: Value[][];
  states: Value[][];
  taskRuns: Value[][];
}

interface Parents {
  flows: readonly [string, ...string[]];
  deployments: readonly [string, ...string[]];
  creators: readonly [string, ...string[]];
}

function stateOfSomeRun(random: Random): { type: string; name: string } {
  let left = random.below(100);
  for (const [type, share, names] of states) {
    if (left < share) return { type, name: random.pick(names) };
    left -= share;
  }
  return { type: 'COMPLETED', name: 'Completed' };
}

function rowsOfRun(
  random: Random,
  { flows, deployments, creators }: Parents,
  position: number,
  of: number,
): RunRows {
  const created = firstMoment + Math.floor((position / of) * days90);
  const id = random.id(created);
  const { type, name } = stateOfSomeRun(random);
  const started = type === 'SCHEDULED' || type === 'PENDING' ? null : created + 1000 + random.below(60_000);
  const ended = started !== null && finished.has(type) ? started + 1000 + random.below(3_600_000) : null;
  const runName = `${random.pick(adjectives)}-${random.pick(animals)}-${random.below(100_000)}`;
  const ownTags = tags.filter((_, rank) => random.chance(0.4 / 2 ** rank));
  const taskRun = type !== 'RUNNING' && random.chance(0.02) ? random.id(created) : null;
  const creator = random.chance(0.7) ? random.pick(creators) : null;
  const scheduled = instant(created + 500);
  const history: { type: string; name: string; at: number }[] = [
    { type: 'SCHEDULED', name: 'Scheduled', at: created },
    ...(started !== null && type !== 'RUNNING' ? [{ type: 'RUNNING', name: 'Running', at: started }] : []),
  ];
  const now = ended ?? started ?? created + 700;
  const current = type === 'SCHEDULED' && name === 'Scheduled' ? [] : [{ type, name, at: now + 1 }];
  const written = [...history, ...current].map(({ type, name, at }): Value[] => [
    random.id(at),
    type,
    name,
    instant(at),
    random.chance(0.3) ? `The run is ${name.toLowerCase()}.` : null,
    null,
    JSON.stringify({
      flowRunId: id,
      ...(type === 'SCHEDULED' ? { scheduledTime: new Date(at).toISOString() } : {}),
    }),
    id,
  ]);
  const last = written[written.length - 1] ?? [];
  return {
    run: [
      id,
      runName,
      runName,
      random.pick(flows),
      random.chance(0.9) ? random.pick(deployments) : null,
      random.chance(0.8) ? random.pick(queues) : null,
      `v${random.below(12)}`,
      JSON.stringify(ownTags),
      JSON.stringify({ day: instant(created).slice(0, 10), size: random.below(1000) }),
      random.chance(0.5) ? `key-${position}` : null,
      taskRun,
      creator ? 1 : 0,
      creator,
      creator ? random.pick(['USER', 'DEPLOYMENT', 'AUTOMATION']) : null,
      creator ? 'somebody' : null,
      started === null ? null : `host-${random.below(50)}:${random.below(65_536)}`,
      last[0] ?? null,
      last[1] ?? null,
      last[2] ?? null,
      last[3] ?? null,
      started === null ? 0 : 1,
      started === null ? null : instant(started),
      ended === null ? null : instant(ended),
      scheduled,
      type === 'SCHEDULED' ? scheduled : null,
      ended === null || started === null ? 0 : (ended - started) / 1000,
      null,
      null,
      '[]',
      0,
      null,
      instant(created),
      instant(now),
    ],
    tags: ownTags.map(tag => [id, tag]),
    states: written,
    taskRuns:
      taskRun === null
        ? []
        : [[taskRun, `${runName}-parent`, random.id(created), 0, 0, instant(created), instant(created)]],
  };
}

async function insertParents(store: Store, random: Random): Promise<Parents> {
  const made = instant(firstMoment);
  const ids = (count: number): [string, ...string[]] => [
    random.id(firstMoment),
    ...Array.from({ length: count - 1 }, () => random.id(firstMoment)),
  ];
  const flows = ids(20);
  const deployments = ids(40);
  await store.insert(
    'flow',
    ['id', 'name', 'created', 'updated'],
    flows.map((id, number) => [id, `flow-${number}`, made, made]),
  );
  await store.insert(
    'deployment',
    [
      'id',
      'flow_id',
      'name',
      'concurrency_limit',
      'collision_strategy',
      'grace_period_seconds',
      'active_slots',
      'created',
      'updated',
    ],
    deployments.map((id, number) => [
      id,
      random.pick(flows),
      `deployment-${number}`,
      null,
      'ENQUEUE',
      null,
      0,
      made,
      made,
    ]),
  );
  return { flows, deployments, creators: ids(200) };
}

/** Fills empty tables with so many runs, their tags, states and parent task runs: always the same ones. */
export async function seed(store: Store, runs: number): Promise<void> {
  const random = createRandom(20_260_101);
  const parents = await insertParents(store, random);
  for (let start = 0; start < runs; start += rowsAtOnce) {
    const rows = Array.from({ length: Math.min(rowsAtOnce, runs - start) }, (_, place) =>
      rowsOfRun(random, parents, start + place, runs),
    );
    await store.insert(
      'flow_run',
      flowRunColumns,
      rows.map(({ run }) => run),
    );
    await store.insert(
      'flow_run_tag',
      ['flow_run_id', 'tag'],
      rows.flatMap(row => row.tags),
    );
    await store.insert(
      'flow_run_state',
      stateColumns,
      rows.flatMap(row => row.states),
    );
    await store.insert(
      'task_run',
      taskRunColumns,
      rows.flatMap(row => row.taskRuns),
    );
  }
  const tables = ['flow_run', 'flow_run_tag', 'flow_run_state', 'task_run'];
  if (store.kind === 'embedded') await store.run('ANALYZE').catch(() => undefined);
  else await store.all(`ANALYZE TABLE ${tables.join(', ')}`);
}
