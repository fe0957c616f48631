import type { Plugin } from 'graphql-yoga';
import { operationCost } from './cost';
import { refuseExecution } from './refuseExecution';

/** Limits how many fields an answer may have, by the page sizes asked for. */
export function useCostLimit({ maxCost }: { readonly maxCost: number }): Plugin {
  return refuseExecution(operation => {
    const cost = operationCost(operation);
    if (cost <= maxCost) return null;
    return `The answer could have ${cost} fields; ${maxCost} may be asked for at most. Ask for smaller pages (first) or fewer fields.`;
  });
}
