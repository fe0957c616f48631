import { collisionStrategies, type FlowRunSort as Sort } from '../../domain/flowRun';
import { stateTypes } from '../../domain/state';
import { transitionCodes } from '../../domain/transition';
import { builder } from './builder';

export const StateType = builder.enumType('StateType', {
  description: 'What a run is in. COMPLETED, FAILED, CANCELLED and CRASHED are final.',
  values: stateTypes,
});

export const SetStateStatus = builder.enumType('SetStateStatus', {
  description: 'What was decided about one run.',
  values: {
    ACCEPT: { description: 'The proposed state was written.' },
    REJECT: { description: 'Another state was written instead, or none.' },
    ABORT: { description: 'Nothing was written.' },
    WAIT: { description: 'Nothing was written; ask again after the delay.' },
  } as const,
});

export const FilterOperator = builder.enumType('FilterOperator', {
  description: 'How conditions come together.',
  values: { AND: { description: 'All must hold.' }, OR: { description: 'One must hold.' } } as const,
});

const sorts: Record<Sort, { description: string }> = {
  ID_DESC: { description: 'Newest first.' },
  START_TIME_ASC: { description: 'By start time, or expected start time where there is none; nulls last.' },
  START_TIME_DESC: { description: 'By start time, or expected start time where there is none; nulls first.' },
  EXPECTED_START_TIME_ASC: { description: 'By expected start time; nulls last.' },
  EXPECTED_START_TIME_DESC: { description: 'By expected start time; nulls first.' },
  NAME_ASC: { description: 'By name, code point by code point.' },
  NAME_DESC: { description: 'By name, code point by code point, backwards.' },
  NEXT_SCHEDULED_START_TIME_ASC: { description: 'By next scheduled start time; nulls last.' },
  END_TIME_DESC: { description: 'By end time; nulls first.' },
};

export const FlowRunSort = builder.enumType('FlowRunSort', {
  description: 'The order of runs; ties are broken by id, newest first.',
  values: sorts,
});

export const TransitionCode = builder.enumType('TransitionCode', {
  description: 'Why a run was not simply moved; stable, so programs may rely on it.',
  values: transitionCodes,
});

export const RuleEffect = builder.enumType('RuleEffect', {
  description: 'What a rule that spoke did.',
  values: {
    AMENDED: { description: 'It changed the proposed state, or what goes with it.' },
    REJECTED: { description: 'It rejected the proposed state.' },
    ABORTED: { description: 'It broke the transition off.' },
    DELAYED: { description: 'It asked to wait.' },
    FOLLOWED_UP: { description: 'It did something after the decision.' },
  } as const,
});

export const CollisionStrategy = builder.enumType('CollisionStrategy', {
  description:
    'What becomes of a run for which no slot is free: it waits (ENQUEUE), or is cancelled (CANCEL_NEW).',
  values: collisionStrategies,
});
