import type { Hono } from 'hono';
import type { BlankSchema } from 'hono/types';
import { requireScope, type Scope } from '../authentication';
import type { Context } from '../context';
import { notFound } from '../domain/errors';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { FlowRunId } from '../domain/identifiers';
import type { StateProposal } from '../domain/state';
import { idParameter, type StateBody } from './bodies';
import { detailsFromWire, fromWire } from './wire';

/** The router that every group of calls adds its own to. */
export type Rest = Hono<{ Variables: { request: Context } }, BlankSchema, '/api'>;

/** @throws SwitchyardError (FORBIDDEN) where the caller lacks the scope. */
export const allow = ({ actor }: Context, scope: Scope): void => requireScope(actor, scope);

/**
 * The id of a run out of a path.
 *
 * @throws SwitchyardError (NOT_FOUND) where it is no UUID: no run has such an id.
 */
export function flowRunIdOf(text: string): FlowRunId {
  const { data } = idParameter.safeParse(text);
  if (data === undefined) throw notFound(`flow run ${text}`);
  return data as FlowRunId;
}

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

/** The filter that a body holds, by the names that its parts have here; the body has been checked. */
export const filterOf = (wire: object | null | undefined): FlowRunFilter | null =>
  wire ? (fromWire(wire) as FlowRunFilter) : null;
