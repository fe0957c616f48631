/** A deployment of the sample, and how its runs behave. */
export interface SampleDeployment {
  readonly flow: string;
  readonly name: string;
  readonly queue: string;
  readonly concurrencyLimit: number | null;
  /** How many of the runs are its, compared with the others. */
  readonly weight: number;
  readonly tags: readonly string[];
  /** How long an attempt takes, in seconds: at least and at most. */
  readonly seconds: readonly [number, number];
  readonly retries: number;
}

/** The flow that the demo's own script leaves alone, so that its failed runs are the reader's to move. */
export const untouchedFlow = 'sync-payments';

/** The flow of the subflows. Its runs have no deployment. */
export const subflow = 'load-table';

/** The flow whose runs start subflows. */
export const parentFlow = 'build-warehouse';

/** What runs in the night. */
export const deployments: readonly SampleDeployment[] = [
  {
    flow: 'ingest-orders',
    name: 'production',
    queue: 'default',
    concurrencyLimit: null,
    weight: 10,
    tags: ['nightly', 'orders'],
    seconds: [20, 240],
    retries: 2,
  },
  {
    flow: 'ingest-orders',
    name: 'backfill',
    queue: 'batch',
    concurrencyLimit: 4,
    weight: 1.5,
    tags: ['backfill', 'orders'],
    seconds: [60, 420],
    retries: 0,
  },
  {
    flow: 'ingest-events',
    name: 'production',
    queue: 'default',
    concurrencyLimit: null,
    weight: 8,
    tags: ['nightly', 'events'],
    seconds: [10, 90],
    retries: 1,
  },
  {
    flow: parentFlow,
    name: 'nightly',
    queue: 'batch',
    concurrencyLimit: 4,
    weight: 1.6,
    tags: ['nightly', 'warehouse'],
    seconds: [90, 300],
    retries: 0,
  },
  {
    flow: 'train-ranking',
    name: 'weekly',
    queue: 'gpu',
    concurrencyLimit: 1,
    weight: 0.1,
    tags: ['ranking'],
    seconds: [900, 2700],
    retries: 0,
  },
  {
    flow: 'export-reports',
    name: 'production',
    queue: 'default',
    concurrencyLimit: null,
    weight: 4,
    tags: ['nightly', 'reports'],
    seconds: [30, 300],
    retries: 1,
  },
  {
    flow: untouchedFlow,
    name: 'production',
    queue: 'default',
    concurrencyLimit: null,
    weight: 6,
    tags: ['payments'],
    seconds: [10, 60],
    retries: 2,
  },
];

/** A time in which runs of some flows fail for one cause. Times are seconds before the end of the night. */
interface Outage {
  readonly flows: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly type: 'FAILED' | 'CRASHED';
  readonly message: string;
}

const hour = 3600;

/** What went wrong for many runs at once. */
export const outages: readonly Outage[] = [
  {
    flows: ['ingest-orders', 'export-reports', parentFlow],
    from: 4.4 * hour,
    to: 2.8 * hour,
    share: 0.94,
    type: 'FAILED',
    message: 'The warehouse closed the connection.',
  },
  {
    flows: [untouchedFlow],
    from: 3 * hour,
    to: 1.2 * hour,
    share: 1,
    type: 'FAILED',
    message: 'The payments API responded with 503.',
  },
  {
    flows: ['ingest-orders', 'ingest-events'],
    from: 6.3 * hour,
    to: 6.1 * hour,
    share: 0.7,
    type: 'CRASHED',
    message: 'The node batch-7 was lost.',
  },
];
