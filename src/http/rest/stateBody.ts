import { z } from 'zod';
import { nameText } from '../../domain/bounds';
import { stateTypes } from '../../domain/state';
import { type StateDetails, stateDetails } from '../../domain/stateDetails';
import { detailsBody } from './fieldGroup';
import { json } from './jsonFields';

/** A state that a client proposes. */
export const stateBody = z.strictObject({
  type: z.enum(stateTypes),
  name: nameText.nullish(),
  message: z.string().nullish(),
  data: json.optional(),
  state_details: detailsBody<StateDetails>(stateDetails).nullish(),
});
export type StateBody = z.output<typeof stateBody>;
