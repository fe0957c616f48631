import type { Plugin } from 'graphql-yoga';
import { useCostLimit } from './useCostLimit';
import { useListLimit } from './useListLimit';
import { useTextIntegrity } from './useTextIntegrity';

/** The limits of the input and the response of a query. */
interface Limits {
  readonly maxCost: number;
  readonly maxListLength: number;
}

/** All limits of the input and the cost of a query. Each rejects with BAD_USER_INPUT. */
export const useLimits = (limits: Limits): Plugin => ({
  onPluginInit({ addPlugin }) {
    for (const plugin of [useTextIntegrity(), useListLimit(limits), useCostLimit(limits)]) addPlugin(plugin);
  },
});
