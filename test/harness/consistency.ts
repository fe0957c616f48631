import type { EntityManager, EntitySchema, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Database } from '../../src/persistence/connection/database';
import { DeploymentEntity, LeaseEntity } from '../../src/persistence/entities/deployment';
import { FlowRunEntity } from '../../src/persistence/entities/flowRun';
import { FlowRunStateEntity, TaskRunStateEntity } from '../../src/persistence/entities/state';
import { TaskRunEntity } from '../../src/persistence/entities/taskRun';

type Query = SelectQueryBuilder<ObjectLiteral>;

type Table = EntitySchema & { readonly tableName: string };

/** What runs of a kind and their states are stored as. */
interface Stored {
  run: Table;
  state: Table;
  /** The property of a state that holds the id of its run. */
  owner: string;
}

const flowRuns: Stored = { run: FlowRunEntity, state: FlowRunStateEntity, owner: 'flowRunId' };
const taskRuns: Stored = { run: TaskRunEntity, state: TaskRunStateEntity, owner: 'taskRunId' };

const unlikeItsState = (manager: EntityManager, { run, state, owner }: Stored): Query =>
  manager
    .createQueryBuilder()
    .select('run.id', 'id')
    .from(run, 'run')
    .leftJoin(state.tableName, 'state', `state.id = run.stateId AND state.${owner} = run.id`)
    .where('run.stateId IS NOT NULL')
    .andWhere(
      '(state.id IS NULL OR state.type <> run.stateType OR state.name <> run.stateName ' +
        'OR state.timestamp <> run.stateTimestamp)',
    );

const laterThanItsRun = (manager: EntityManager, { run, state, owner }: Stored): Query =>
  manager
    .createQueryBuilder()
    .select(`state.${owner}`, 'id')
    .from(state, 'state')
    .leftJoin(run.tableName, 'run', `run.id = state.${owner}`)
    .where('(run.id IS NULL OR run.stateTimestamp IS NULL OR state.timestamp > run.stateTimestamp)');

const holdsSlot = "run.stateType IN ('PENDING', 'RUNNING', 'CANCELLING')";

function withOtherSlotsThanHolders(manager: EntityManager): Query {
  const query = manager
    .createQueryBuilder()
    .select('deployment.id', 'id')
    .from(DeploymentEntity, 'deployment');
  const holders = query
    .subQuery()
    .select('COUNT(*)')
    .from(FlowRunEntity, 'run')
    .where(`run.deploymentId = deployment.id AND ${holdsSlot}`);
  return query
    .where('deployment.concurrencyLimit IS NOT NULL')
    .andWhere(`deployment.activeSlots <> ${holders.getQuery()}`);
}

const beyondTheirLimit = (manager: EntityManager): Query =>
  manager
    .createQueryBuilder()
    .select('deployment.id', 'id')
    .from(DeploymentEntity, 'deployment')
    .where('(deployment.activeSlots > deployment.concurrencyLimit OR deployment.activeSlots < 0)');

/** What must never be found, with what it would mean. */
const faults: Readonly<Record<string, (manager: EntityManager) => Query>> = {
  'a run whose columns are not those of its state': manager => unlikeItsState(manager, flowRuns),
  'a state that its run does not know of': manager => laterThanItsRun(manager, flowRuns),
  'a task run whose columns are not those of its state': manager => unlikeItsState(manager, taskRuns),
  'a state that its task run does not know of': manager => laterThanItsRun(manager, taskRuns),
  'slots that nobody holds, or that are held twice': withOtherSlotsThanHolders,
  'slots beyond the limit': beyondTheirLimit,
};

const snapshot: Readonly<Record<Database['kind'], readonly string[]>> = {
  embedded: ['BEGIN'],
  mysql: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION WITH CONSISTENT SNAPSHOT'],
  mariadb: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION WITH CONSISTENT SNAPSHOT'],
};

const leaseIn = (details: string): string | undefined =>
  (JSON.parse(details) as { deploymentConcurrencyLeaseId?: string }).deploymentConcurrencyLeaseId;

/** Each lease belongs to one run that holds a slot, and each such run's lease is there. */
async function faultsOfLeases(manager: EntityManager): Promise<string[]> {
  const leases = await manager.getRepository(LeaseEntity).find();
  const held = await manager
    .createQueryBuilder()
    .select('state.stateDetails', 'details')
    .from(FlowRunEntity, 'run')
    .innerJoin(FlowRunStateEntity.tableName, 'state', 'state.id = run.stateId')
    .where(`run.deploymentId IS NOT NULL AND ${holdsSlot}`)
    .getRawMany<{ details: string }>();
  const there = new Set(leases.map(({ id }): string => id));
  const used = held.map(({ details }) => leaseIn(details)).filter(id => id !== undefined);
  return [
    ...used.filter(id => !there.has(id)).map(id => `a lease that is gone while its run holds a slot: ${id}`),
    ...[...there].filter(id => !used.includes(id)).map(id => `a lease that no run holds: ${id}`),
    ...used.filter((id, index) => used.indexOf(id) !== index).map(id => `a lease of two runs: ${id}`),
  ];
}

/** Reads the whole database at one moment, and reports contradictions. */
export async function faultsOf({ writer, kind }: Database): Promise<string[]> {
  const runner = writer.createQueryRunner();
  try {
    for (const statement of snapshot[kind]) await runner.query(statement);
    const found: string[] = [];
    for (const [fault, queryOf] of Object.entries(faults)) {
      const rows = await queryOf(runner.manager).getRawMany<{ id: string }>();
      found.push(...rows.map(({ id }) => `${fault}: ${id}`));
    }
    found.push(...(await faultsOfLeases(runner.manager)));
    await runner.query('COMMIT');
    return found;
  } finally {
    if (kind !== 'embedded') await runner.release();
  }
}
