import { z } from 'zod';
import { deploymentFilter } from './deploymentFilter';
import { type Field, flag, type HeldBy, ids, instant, text, texts } from './fields';
import { holds, isExactly, isNone, isOne, operator } from './filterFields';
import { flowFilter } from './flowFilter';
import { stateTypes } from './state';

const types = (description: string): Field<(typeof stateTypes)[number][]> => ({
  kind: 'stateTypes',
  schema: z.array(z.enum(stateTypes)),
  description,
});

const ofGroup = operator('How the conditions of this group are combined.');
const between = {
  before: instant('It is at or before this instant.'),
  after: instant('It is at or after this instant.'),
};

/** The filter of flow runs in the whole API: all groups and conditions. */
export const flowRunFilter = {
  description:
    'Which runs. A group that is absent or empty is ignored; if no group is left, every run matches.',
  fields: {
    operator: operator('How the groups are combined.'),
    id: { description: 'By id.', fields: { any: ids(isOne), notAny: ids(isNone) } },
    name: {
      description: 'By name.',
      fields: {
        any: texts(isExactly),
        like: text(holds),
      },
    },
    tags: {
      description: 'By tags.',
      fields: {
        operator: ofGroup,
        all: texts('Has all of these.'),
        any: texts('Has one of these; an empty list matches no run.'),
        isNull: flag('true: has no tags; false: has some.'),
      },
    },
    deploymentId: {
      description: 'By deployment.',
      fields: {
        operator: ofGroup,
        any: ids(isOne),
        isNull: flag('true: has no deployment; false: has one.'),
      },
    },
    workQueueName: {
      description: 'By the name of the work queue.',
      role: 'By work queue.',
      fields: {
        operator: ofGroup,
        any: texts(isExactly),
        isNull: flag('true: has no work queue; false: has one.'),
      },
    },
    state: {
      description: 'By the state that a run is in.',
      fields: {
        operator: ofGroup,
        type: {
          description: 'By the type of the state.',
          role: 'By its type.',
          fields: { any: types(isOne), notAny: types(isNone) },
        },
        name: {
          description: 'By the name of the state.',
          role: 'By its name.',
          fields: { any: texts(isExactly), notAny: texts(isNone) },
        },
        message: {
          description: 'By the message of the state. A state without a message never matches.',
          role: 'By its message.',
          fields: { like: text(holds) },
        },
        timestamp: {
          description: 'By the instant at which the state was entered.',
          role: 'By when it was entered.',
          fields: between,
        },
      },
    },
    flow: { ...flowFilter, role: "The run's flow matches." },
    deployment: { ...deploymentFilter, role: 'The run has a deployment, and it matches.' },
    flowVersion: { description: 'By the version of the flow.', fields: { any: texts(isExactly) } },
    startTime: {
      description: 'By start time, or by expected start time if there is no start time.',
      role: 'By start time, else expected start time.',
      fields: {
        ...between,
        isNull: flag('true: has no start time; false: has one. Expected start time does not count here.'),
      },
    },
    endTime: {
      description: 'By end time.',
      fields: { ...between, isNull: flag('true: has no end time; false: has one.') },
    },
    expectedStartTime: { description: 'By expected start time.', fields: between },
    nextScheduledStartTime: { description: 'By next scheduled start time.', fields: between },
    parentFlowRunId: {
      description: 'By the flow run that owns the parent task run.',
      role: 'By the flow run above.',
      fields: { operator: ofGroup, any: ids(isOne) },
    },
    parentTaskRunId: {
      description: 'By the parent task run.',
      fields: {
        operator: ofGroup,
        any: ids(isOne),
        isNull: flag('true: is not a subflow; false: is one.'),
      },
    },
    idempotencyKey: {
      description: 'By idempotency key.',
      fields: { any: texts(isExactly), notAny: texts(isNone) },
    },
    createdBy: {
      description: 'By who made the run.',
      fields: {
        operator: ofGroup,
        id: ids('The creator has one of these ids; an empty list matches no run.'),
        type: texts('The creator is of exactly one of these types; an empty list matches no run.'),
        isNull: flag('true: no creator is known; false: one is, even one without an id or a type.'),
      },
    },
  },
};

/** A filter of flow runs. Absent and null groups and conditions are ignored. Ids are lower case. */
export type FlowRunFilter = HeldBy<typeof flowRunFilter>;
