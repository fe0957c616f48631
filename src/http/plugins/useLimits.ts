import type { Plugin } from 'graphql-yoga';
import { useCostLimit } from './useCostLimit';
import { useListLimit } from './useListLimit';
import { useTextIntegrity } from './useTextIntegrity';

/** How large the input of a query and its answer may be. */
export interface Limits {
  readonly maxCost: number;
  readonly maxListLength: number;
}

/** All limits on the input and the cost of a query. Each refuses with the code BAD_USER_INPUT. */
export const useLimits = (limits: Limits): Plugin => ({
  onPluginInit({ addPlugin }) {
    for (const plugin of [useTextIntegrity(), useListLimit(limits), useCostLimit(limits)]) addPlugin(plugin);
  },
});
