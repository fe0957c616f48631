import type { Actor } from '../authentication';
import { renewsLeases } from '../authentication/userAgent';
import type { Source } from '../persistence/connection/database';
import type { Services } from '../transitions/services';
import { createLoaders, type Loaders } from './loaders';
import { createResponseBudget, type ResponseBudget } from './responseBudget';

/** What one request carries. */
export interface Context {
  services: Services;
  actor: Actor;
  /** The name under which the caller's subscriptions are counted. */
  caller: string;
  /** The variables of the request as they were sent. */
  variables: Readonly<Record<string, unknown>>;
  /** Whether the caller keeps its concurrency leases alive by itself, as its User-Agent tells. */
  callerRenewsLeases: boolean;
  loaders: Loaders;
  /** Counts the bytes that are read for the response. */
  budget: ResponseBudget;
  /** Where this request reads: a replica, until it has written something itself. */
  source: () => Source;
  /** Says that this request has written something, and so must read its own writes from now on. */
  hasWritten: () => void;
}

/**
 * What one event of a subscription resolves with instead of the context of the subscription: loaders that hold nothing
 * of earlier events and read from the primary, since a replica may not have the write yet that the event reports.
 */
export function createEventContext(services: Services): Pick<Context, 'loaders' | 'source' | 'hasWritten'> {
  const source = () => services.database.primary;
  const budget = createResponseBudget(services.maxResponseBytes);
  return { loaders: createLoaders(services, source, budget), source, hasWritten: () => undefined };
}

/** Puts together what one request carries. */
export function createContext(
  services: Services,
  actor: Actor,
  userAgent: string | null,
  variables: Context['variables'] = {},
  caller: string = actor.name,
): Context {
  let written = false;
  const source = () => (written ? services.database.primary : services.database.reader);
  const budget = createResponseBudget(services.maxResponseBytes);
  const context: Context = {
    services,
    actor,
    caller,
    variables,
    callerRenewsLeases: renewsLeases(userAgent),
    budget,
    loaders: createLoaders(services, source, budget),
    source,
    hasWritten() {
      written = true;
      context.loaders = createLoaders(services, source, budget);
    },
  };
  return context;
}
