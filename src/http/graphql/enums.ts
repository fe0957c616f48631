import type { RuleEffect as DomainRuleEffect, Verdict } from '../../domain/decision';
import type { FilterOperator as DomainFilterOperator } from '../../domain/filterFields';
import type { CollisionStrategy as DomainCollisionStrategy, FlowRunSort as Sort } from '../../domain/flowRun';
import type { StateType as DomainStateType } from '../../domain/state';
import { type TransitionCode as DomainTransitionCode, transitionCodes } from '../../domain/transition';
import { builder } from './builder';

/** A description for each value of a domain type. */
export type Described<Value extends string> = Readonly<Record<Value, { description: string }>>;

/** The values of an enum, of a table that says what each one means. */
export const describedValues = <Value extends string>(meanings: Readonly<Record<Value, string>>) =>
  Object.fromEntries(
    Object.entries<string>(meanings).map(([value, description]) => [value, { description }]),
  ) as Described<Value>;

export const StateType = builder.enumType('StateType', {
  description: 'The type of a state. COMPLETED, FAILED, CANCELLED and CRASHED are terminal.',
  values: {
    SCHEDULED: { description: 'The run starts at its scheduled time, once a worker takes it.' },
    PENDING: { description: 'A worker has taken the run and prepares its start.' },
    RUNNING: { description: 'The code of the run is executing.' },
    COMPLETED: { description: 'The run ended successfully.' },
    FAILED: { description: 'The run ended with an error of its own code.' },
    CANCELLED: { description: 'The run was cancelled and has stopped.' },
    CRASHED: { description: 'The run ended because its process or machine failed.' },
    PAUSED: { description: 'The run waits until it is resumed.' },
    CANCELLING: { description: 'The run is to be cancelled; its worker has yet to stop it.' },
  } as const satisfies Described<DomainStateType>,
});

export const SetStateStatus = builder.enumType('SetStateStatus', {
  description: 'The verdict on one run.',
  values: {
    ACCEPT: { description: 'The proposed state was written.' },
    REJECT: { description: 'Another state was written instead, or none.' },
    ABORT: { description: 'Nothing was written.' },
    WAIT: { description: 'Nothing was written; try again after the delay.' },
  } as const satisfies Described<Verdict['status']>,
});

export const FilterOperator = builder.enumType('FilterOperator', {
  description: 'How conditions are combined.',
  values: {
    AND: { description: 'All must hold.' },
    OR: { description: 'One must hold.' },
  } as const satisfies Described<DomainFilterOperator>,
});

const sorts: Described<Sort> = {
  ID_DESC: { description: 'Newest first.' },
  START_TIME_ASC: { description: 'By start time, or expected start time if there is none; nulls last.' },
  START_TIME_DESC: { description: 'By start time, or expected start time if there is none; nulls first.' },
  EXPECTED_START_TIME_ASC: { description: 'By expected start time; nulls last.' },
  EXPECTED_START_TIME_DESC: { description: 'By expected start time; nulls first.' },
  NAME_ASC: { description: 'By name, in the order of code points.' },
  NAME_DESC: { description: 'By name, in descending order of code points.' },
  NEXT_SCHEDULED_START_TIME_ASC: { description: 'By next scheduled start time; nulls last.' },
  END_TIME_DESC: { description: 'By end time; nulls first.' },
};

export const FlowRunSort = builder.enumType('FlowRunSort', {
  description: 'The order of runs; ties are broken by id, newest first.',
  values: sorts,
});

const describedCodes = Object.fromEntries(
  Object.entries(transitionCodes).map(([code, { meaning, remedy }]) => [
    code,
    { description: `${meaning} ${remedy}` },
  ]),
) as Described<DomainTransitionCode>;

export const TransitionCode = builder.enumType('TransitionCode', {
  description: 'Why a run was not moved as proposed. The codes are stable.',
  values: describedCodes,
});

export const RuleEffect = builder.enumType('RuleEffect', {
  description: 'The effect of a rule.',
  values: {
    AMENDED: { description: 'It changed the proposed state, or what goes with it.' },
    REJECTED: { description: 'It rejected the proposed state.' },
    ABORTED: { description: 'It aborted the transition.' },
    DELAYED: { description: 'It delayed the transition.' },
    FOLLOWED_UP: { description: 'It had an effect after the decision.' },
  } as const satisfies Described<DomainRuleEffect>,
});

export const CollisionStrategy = builder.enumType('CollisionStrategy', {
  description: 'What happens to a run without a free slot.',
  values: {
    ENQUEUE: { description: 'The run is scheduled again and waits for a slot.' },
    CANCEL_NEW: { description: 'The run is cancelled.' },
  } as const satisfies Described<DomainCollisionStrategy>,
});
