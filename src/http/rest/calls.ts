import type { Context as HonoContext } from 'hono';
import { notFound } from '../../domain/errors';
import type { Extras, ExtrasOwner } from '../../domain/extras';
import type { FlowRunId, StateId } from '../../domain/identifiers';
import type { StateProposal } from '../../domain/state';
import type { Context } from '../context';
import { idParameter, type StateBody } from './bodies';

/**
 * What a call may show of the fields that were sent with a thing: all of them to the call that made it and to callers with
 * the scope `read`, none to others.
 */
export const shownExtras = async (request: Context, owner: ExtrasOwner, created: boolean): Promise<Extras> =>
  created || request.actor.scopes.has('read') ? request.loaders.extras.load(owner) : {};

const idInPath =
  <Id extends string>(what: string) =>
  ({ req }: HonoContext): Id => {
    const text = req.param('id') ?? '';
    const { data } = idParameter.safeParse(text);
    if (data === undefined) throw notFound(`${what} ${text}`);
    return data as Id;
  };

/** The id of a run out of a path. @throws SwitchyardError NOT_FOUND where it is no UUID: no run has such an id. */
export const flowRunIdInPath = idInPath<FlowRunId>('flow run');

/** The id of a run's state out of a path. @throws SwitchyardError NOT_FOUND where it is no UUID: no state has such an id. */
export const stateIdInPath = idInPath<StateId>('flow run state');

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
  stateDetails: details ?? {},
});
