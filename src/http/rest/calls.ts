import type { Hono } from 'hono';
import type { BlankSchema } from 'hono/types';
import { type Actor, requireScope, type Scope } from '../../authentication';
import { notFound } from '../../domain/errors';
import type { Extras, ExtrasOwner } from '../../domain/extras';
import type { FlowFilter } from '../../domain/flowFilter';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { StateProposal } from '../../domain/state';
import type { Services } from '../../transitions/services';
import type { Context } from '../context';
import { idParameter, type StateBody } from './bodies';
import { detailsFromWire, fromWire } from './wire';

/**
 * What every call is given: who sent it, services whose transactions are rolled back once it is abandoned, and what one
 * request carries.
 */
export interface RestEnvironment {
  Bindings: { actor?: Actor };
  Variables: { services: Services; request: Context };
}

/** The router that every group of calls adds its own to. */
export type Rest = Hono<RestEnvironment, BlankSchema, '/api'>;

/** @throws SwitchyardError (FORBIDDEN) where the caller lacks the scope. */
export const allow = ({ actor }: Context, scope: Scope): void => requireScope(actor, scope);

/**
 * What a call may show of the fields that were sent with a thing: all of them to the call that made it and to callers with
 * the scope `read`, none to others.
 */
export const shownExtras = async (request: Context, owner: ExtrasOwner, created: boolean): Promise<Extras> =>
  created || request.actor.scopes.has('read') ? request.loaders.extras.load(owner) : {};

/** @throws SwitchyardError (NOT_FOUND) where it is no UUID: nothing has such an id. */
function idOf(what: string, text: string): string {
  const { data } = idParameter.safeParse(text);
  if (data === undefined) throw notFound(`${what} ${text}`);
  return data;
}

/** The id of a run out of a path. */
export const flowRunIdOf = (text: string): FlowRunId => idOf('flow run', text) as FlowRunId;

/** The id of a run's state out of a path. */
export const stateIdOf = (text: string): StateId => idOf('flow run state', text) as StateId;

/** The proposal that a body makes: what is null there is absent here. */
export const proposalOf = ({
  type,
  name,
  message,
  data,
  state_details: details,
}: StateBody): StateProposal => ({
  type,
  name: name ?? undefined,
  message: message ?? undefined,
  data,
  stateDetails: detailsFromWire(details),
});

/** The filter for flows that a body holds; the body has been checked. */
export const flowFilterOf = (wire: object | null | undefined): FlowFilter | null =>
  wire ? (fromWire(wire) as FlowFilter) : null;

/** The filter that a body holds, by the names that its parts have here; the body has been checked. */
export const filterOf = (wire: object | null | undefined): FlowRunFilter | null =>
  wire ? (fromWire(wire) as FlowRunFilter) : null;
