import { z } from 'zod';
import type { StateId } from '../../../domain/identifiers';
import type { JsonObject } from '../../../domain/json';
import { type State, type StateProposal, stateTypes } from '../../../domain/state';
import { detailsToWire, wireStateDetails } from './stateDetails';
import { idOf, instant, json, optionalText } from './values';

/** The type of a state. */
export const stateType = z.enum(stateTypes);

/** A state. Who wrote it is unknown there. */
export const wireState = z
  .object({
    id: idOf<StateId>(),
    type: stateType,
    name: z.string(),
    timestamp: instant,
    message: optionalText,
    data: json.optional(),
    state_details: wireStateDetails,
  })
  .transform(
    ({ state_details, data = null, ...state }): State => ({
      ...state,
      data,
      stateDetails: state_details,
      actor: null,
      bulkOperationId: null,
    }),
  );

/** A proposed state as the API has it. */
export const proposalToWire = (
  { type, name, message, data, stateDetails }: StateProposal,
  transitionId: string,
): JsonObject => ({
  type,
  ...(name !== undefined && { name }),
  ...(message !== undefined && { message }),
  ...(data !== undefined && { data }),
  state_details: { ...detailsToWire(stateDetails ?? {}), transition_id: transitionId },
});
