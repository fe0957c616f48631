import { nameText } from '../../domain/bounds';
import type { State as DomainState, StateProposal } from '../../domain/state';
import { type StateDetails as DomainStateDetails, stateDetails } from '../../domain/stateDetails';
import { builder } from './builder';
import { StateType } from './enums';
import { inputType, outputFields } from './fieldGroup';

export const StateDetails = builder.objectRef<DomainStateDetails>('StateDetails').implement({
  description: stateDetails.description,
  fields: t => outputFields(t, stateDetails),
});

export const State = builder.objectRef<DomainState>('State').implement({
  description: 'A state of a run. It never changes after it is written.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'The id, a UUID v7.' }),
    type: t.expose('type', { type: StateType, description: 'The type of the state.' }),
    name: t.exposeString('name', { description: 'What people call it, such as "Late" or "AwaitingRetry".' }),
    timestamp: t.expose('timestamp', {
      type: 'DateTime',
      description: 'When the run entered it; unique within the run.',
    }),
    message: t.exposeString('message', { nullable: true, description: 'A message for people.' }),
    data: t.expose('data', {
      type: 'JSON',
      nullable: true,
      description: 'The result, or a reference to it.',
    }),
    stateDetails: t.expose('stateDetails', {
      type: StateDetails,
      description: 'The details of the state.',
    }),
  }),
});

const StateDetailsInput = inputType('StateDetailsInput', {
  ...stateDetails,
  description: 'The details of a proposed state.',
});

export const StateCreate = builder.inputType('StateCreate', {
  description: 'A state to propose.',
  fields: t => ({
    type: t.field({ type: StateType, required: true, description: 'The type of the state.' }),
    name: t.string({
      description: 'The name of the state; the capitalized type by default.',
      validate: { schema: nameText },
    }),
    message: t.string({ description: 'A message for people.' }),
    data: t.field({
      type: 'JSON',
      description:
        'The result, or a reference to it. Data whose type is "unpersisted" is echoed, never stored.',
    }),
    stateDetails: t.field({ type: StateDetailsInput, description: 'The details of the state.' }),
  }),
});

/** Converts the input of a proposed state: null fields become absent. */
export function proposalOf(input: typeof StateCreate.$inferInput): StateProposal {
  const { type, name, message, data, stateDetails: sent } = input;
  const given = Object.entries(sent ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return {
    type,
    name: name ?? undefined,
    message: message ?? undefined,
    data: data ?? undefined,
    // The scalars have checked the ids, but do not know their nouns.
    stateDetails: Object.fromEntries(given),
  };
}
