import { slicesOf } from '../src/platform/slicesOf';
import type { Ask } from '../test/harness/gateway';
import { seedingThrough } from '../test/harness/seeding';

/** How the runs are shared out; each has one of these tags. */
export interface Population {
  /** Runs that anything may be done to, by any number of operations at once, in ten slices. */
  common: number;
  /** Runs with subflows. */
  parents: number;
  /** Subflows of theirs. */
  subflows: number;
  /** Runs that are told to wait. */
  waiting: number;
  /** Runs that share the slots of a deployment. */
  limited: number;
}

/** How many slots the limited runs share. */
export const slots = 50;
/** How many parts the common runs are in. */
export const slices = 10;
const atOnce = 500;

const shareOut = (runs: number): Population => {
  const parents = Math.ceil(runs * 0.02);
  const subflows = Math.ceil(runs * 0.13);
  const waiting = Math.ceil(runs * 0.05);
  const limited = Math.ceil(runs * 0.1);
  return { common: runs - parents - subflows - waiting - limited, parents, subflows, waiting, limited };
};

type Row = Record<string, unknown>;

const inPages = async (rows: readonly Row[], make: (page: Row[]) => Promise<string[]>): Promise<string[]> => {
  const ids: string[] = [];
  for (const page of slicesOf(rows, atOnce)) ids.push(...(await make(page)));
  return ids;
};

/** Makes so many runs, each with one state. */
export async function populate(ask: Ask, runs: number): Promise<void> {
  const { common, parents, subflows, waiting, limited } = shareOut(runs);
  const seeding = seedingThrough(ask);
  const flowId = await seeding.createFlow('chaos');
  // Without a deployment, runs that are over could not be scheduled again.
  const open = await seeding.createDeployment({ flowId, name: 'open' });
  const narrow = await seeding.createDeployment({ flowId, name: 'narrow', concurrencyLimit: slots });
  const runsOf = (count: number, row: (index: number) => Row): Promise<string[]> =>
    inPages(
      Array.from({ length: count }, (_, index) => ({
        flowId,
        deploymentId: open,
        state: { type: 'SCHEDULED' },
        ...row(index),
      })),
      page => seeding.createFlowRuns(page),
    );

  const parentIds = await runsOf(parents, () => ({ tags: ['parent', 'family'] }));
  const taskRunIds = await inPages(
    Array.from({ length: subflows }, (_, index) => ({ flowRunId: parentIds[index % parents] })),
    page => seeding.createTaskRuns(page),
  );
  await runsOf(subflows, index => ({
    tags: ['subflow', 'family'],
    parentTaskRunId: taskRunIds[index],
  }));
  await runsOf(common, index => ({ tags: ['common', `slice-${index % slices}`] }));
  await runsOf(waiting, () => ({ tags: ['waiting'] }));
  await runsOf(limited, () => ({ tags: ['limited'], deploymentId: narrow }));
}
