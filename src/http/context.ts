import type { Actor } from '../authentication';
import { renewsLeases } from '../authentication/userAgent';
import type { StateAuthor } from '../domain/state';
import { createFlowRunLoaders, type FlowRunLoaders } from '../flowRuns/flowRunLoaders';
import { createOperationLoaders, type OperationLoaders } from '../operations/queries/operationLoaders';
import { readOwnWrites } from '../transitions/readOwnWrites';
import type { Services } from '../transitions/services';
import { createResponseBudget, type ResponseBudget } from './responseBudget';

/** The sender of a request and what serves it. */
export interface RequestContext {
  services: Services;
  actor: Actor;
  /** The caller as the author of the states that it writes. */
  author: StateAuthor;
  /** The name under which the caller's subscriptions are counted. */
  caller: string;
  /** The variables of the request as they were sent. */
  variables: Readonly<Record<string, unknown>>;
  /** Whether the caller renews its leases itself, according to its User-Agent. */
  callerRenewsLeases: boolean;
}

/** What one query, mutation, event of a subscription or REST call reads with. */
interface OperationContext {
  /** Read from a replica, or from the primary if the operation must see writes. */
  services: Services;
  loaders: FlowRunLoaders & OperationLoaders;
  /** Counts the bytes that are read for the response. */
  budget: ResponseBudget;
}

/** The context of all resolvers and REST calls. */
export interface Context extends RequestContext, OperationContext {}

/** Creates the context of a request, which may have many events. */
export const createRequestContext = (
  services: Services,
  actor: Actor,
  userAgent: string | null,
  variables: RequestContext['variables'] = {},
  caller: string = actor.name,
): RequestContext => ({
  services,
  actor,
  author: { actor: actor.name, bulkOperationId: null },
  caller,
  variables,
  callerRenewsLeases: renewsLeases(userAgent),
});

/**
 * Creates what one operation reads with.
 *
 * @param seesWrites whether it must see recent writes: its own, as the payload of a mutation does, or reported ones,
 * as an event does. Then it reads from the primary, and no cached row.
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
