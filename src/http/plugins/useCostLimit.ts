import type { Plugin } from 'graphql-yoga';
import { operationCost } from '../documents/operationCost';
import { useOperationCheck } from './useOperationCheck';

/** Limits the cost of queries: fields, items of lists, and counts. */
export function useCostLimit({ maxCost }: { readonly maxCost: number }): Plugin {
  return useOperationCheck(operation => {
    const cost = operationCost(operation);
    if (cost <= maxCost) return null;
    return `query: must cost at most ${maxCost} (got ${cost}). Ask for smaller pages (first), fewer fields or fewer counts.`;
  });
}
