import type { Plugin } from 'graphql-yoga';
import { useCostLimit } from './useCostLimit';
import { useListLimit } from './useListLimit';
import { type QueryLimits, useQueryLimits } from './useQueryLimits';
import { useSoundInput } from './useSoundInput';

/** How large a query, its input and its answer may be. */
export interface Limits extends QueryLimits {
  readonly maxCost: number;
  readonly maxListLength: number;
}

/** All limits on what a query says, asks for and brings. Each refuses with the code BAD_USER_INPUT. */
export const useLimits = (limits: Limits): Plugin => ({
  onPluginInit({ addPlugin }) {
    for (const plugin of [
      useQueryLimits(limits),
      useSoundInput(),
      useListLimit(limits),
      useCostLimit(limits),
    ])
      addPlugin(plugin);
  },
});
