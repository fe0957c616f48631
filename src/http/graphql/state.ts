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
  description: 'A state that a run is or was in. It is never changed once it is written.',
  fields: t => ({
    id: t.expose('id', { type: 'UUID', description: 'Its id, a UUID v7.' }),
    type: t.expose('type', { type: StateType, description: 'What the run is in.' }),
    name: t.exposeString('name', { description: 'What people call it, such as "Late" or "AwaitingRetry".' }),
    timestamp: t.expose('timestamp', {
      type: 'DateTime',
      description: 'When the run entered it; unique within the run.',
    }),
    message: t.exposeString('message', { nullable: true, description: 'Why, in words.' }),
    data: t.expose('data', { type: 'JSON', nullable: true, description: 'The result, or where it is kept.' }),
    stateDetails: t.expose('stateDetails', {
      type: StateDetails,
      description: 'What it says beyond its type.',
    }),
  }),
});

const StateDetailsInput = inputType('StateDetailsInput', {
  ...stateDetails,
  description: 'What a proposed state says beyond its type.',
});

export const StateCreate = builder.inputType('StateCreate', {
  description: 'A state to propose.',
  fields: t => ({
    type: t.field({ type: StateType, required: true, description: 'What the runs are to be in.' }),
    name: t.string({
      description: 'What people call it; the type in capitalised words where absent.',
      validate: { minLength: 1, maxLength: 255 },
    }),
    message: t.string({ description: 'Why, in words.' }),
    data: t.field({
      type: 'JSON',
      description:
        'The result, or where it is kept. Data whose type is "unpersisted" is echoed, never stored.',
    }),
    stateDetails: t.field({ type: StateDetailsInput, description: 'What it says beyond its type.' }),
  }),
});

/** The proposal that an input makes: what is null there is absent here. */
export function proposalOf(input: typeof StateCreate.$inferInput): StateProposal {
  const { type, name, message, data, stateDetails: sent } = input;
  const given = Object.entries(sent ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return {
    type,
    name: name ?? undefined,
    message: message ?? undefined,
    data: data ?? undefined,
    // The scalars have checked the ids; only here do they become ids of a noun.
    stateDetails: Object.fromEntries(given),
  };
}
