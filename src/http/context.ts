import type { Actor } from '../authentication';
import { renewsLeases } from '../authentication/userAgent';
import { createFlowRunLoaders, type FlowRunLoaders } from '../flowRuns/flowRunLoaders';
import { createOperationLoaders, type OperationLoaders } from '../operations/queries/operationLoaders';
import { readOwnWrites } from '../transitions/readOwnWrites';
import type { Services } from '../transitions/services';
import { createResponseBudget, type ResponseBudget } from './responseBudget';

/** Who sends a request, and what serves it. */
export interface RequestContext {
  services: Services;
  actor: Actor;
  /** The name under which the caller's subscriptions are counted. */
  caller: string;
  /** The variables of the request as they were sent. */
  variables: Readonly<Record<string, unknown>>;
  /** Whether the caller keeps its concurrency leases alive by itself, as its User-Agent tells. */
  callerRenewsLeases: boolean;
}

/** What one query, mutation, event of a subscription or REST call reads with. */
export interface OperationContext {
  /** They read from a replica, or, where the operation must see writes, where it writes. */
  services: Services;
  loaders: FlowRunLoaders & OperationLoaders;
  /** Counts the bytes that are read for the response. */
  budget: ResponseBudget;
}

/** What every resolver and every REST call receives. */
export interface Context extends RequestContext, OperationContext {}

/** Creates what one request carries, however many events it has. */
export const createRequestContext = (
  services: Services,
  actor: Actor,
  userAgent: string | null,
  variables: RequestContext['variables'] = {},
  caller: string = actor.name,
): RequestContext => ({
  services,
  actor,
  caller,
  variables,
  callerRenewsLeases: renewsLeases(userAgent),
});

/**
 * Creates what one operation reads with.
 *
 * @param seesWrites whether it must see what was just written: by itself, as a mutation's payload does, or by somebody
 * else, as an event does that reports a write. Then it reads where writes go, and no row from memory.
 */
export function createOperationContext(services: Services, seesWrites: boolean): OperationContext {
  const bound = seesWrites ? readOwnWrites(services) : services;
  const budget = createResponseBudget(services.maxResponseBytes);
  const loaders = {
    ...createFlowRunLoaders(bound, budget.spend, !seesWrites),
    ...createOperationLoaders(bound, !seesWrites),
  };
  return { services: bound, loaders, budget };
}
