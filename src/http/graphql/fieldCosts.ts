import { maxRunsPerCall } from '../../domain/bounds';
/** The cost of a count of runs, or of a list's items: it may read every row. */
export const countCost = 10_000;

/** The cost of a list of runs: with some filters it reads many rows until the page is full. */
const listCost = 4000;

/** Marks a field that counts rows. */
export const counts = { extensions: { cost: { own: countCost } } } as const;

/** The maximum sizes of lists, independent of their arguments. */
export const itemsAtMost = (items: number) => ({ extensions: { cost: { items } } });

type Arguments = Readonly<Record<string, unknown>>;

/** Marks a field that returns a page of `first` items. */
export const pageOfFirst = { extensions: { cost: { page: ({ first }: Arguments) => first } } } as const;

/** Marks a field that returns a page of runs. */
export const pageOfRuns = {
  extensions: { cost: { own: listCost, page: ({ first }: Arguments) => first } },
} as const;

/** Marks a list of flows or deployments: with some filters it reads all of them. */
export const listOfAll = {
  extensions: { cost: { own: 100, page: ({ first }: Arguments) => first } },
} as const;

/** Marks a list of `first` values that are counted among all runs. */
export const countsByValue = {
  extensions: { cost: { own: countCost, items: ({ first }: Arguments) => first } },
} as const;

/** Marks a list of counts by buckets. */
export const countsByBucket = {
  extensions: { cost: { own: countCost, items: ({ buckets }: Arguments) => buckets } },
} as const;

/** Marks a field that returns a page of the runs of one flow or deployment: filters read these at most. */
export const pageOfOwnedRuns = {
  extensions: { cost: { own: 1000, page: ({ first }: Arguments) => first } },
} as const;

/** Marks a list that needs a statement for each object that contains it. */
export const pageByStatement = {
  extensions: { cost: { own: 100, page: ({ first }: Arguments) => first } },
} as const;

/** Marks a field that returns an item for each item of its `input`. */
export const pageOfInput = {
  extensions: { cost: { page: ({ input }: Arguments) => (Array.isArray(input) ? input.length : 1) } },
} as const;

/** Marks a field that returns the runs of one call: `limit` of its `input`, or the maximum. */
export const pageOfCall = {
  extensions: {
    cost: {
      page: ({ input }: Arguments) => {
        const { limit } = (input ?? {}) as { limit?: unknown };
        return typeof limit === 'number' ? limit : maxRunsPerCall;
      },
    },
  },
} as const;
