import * as fc from 'fast-check';
import type { FlowRun } from '../../../src/domain/flowRun';
import type { FlowRunFilter } from '../../../src/domain/flowRunFilter';
import type { DeploymentId, FlowId, FlowRunId, StateId, TaskRunId } from '../../../src/domain/identifiers';
import type { Instant } from '../../../src/domain/instant';
import { stateTypes } from '../../../src/domain/state';
import { at, idOf, sampleRun } from '../sampleRuns';

/** Texts that are easily taken for each other. */
const texts = [
  '',
  'a',
  'A',
  'á',
  'a ',
  ' a',
  'ab',
  'ß',
  'SS',
  'İ',
  'i',
  '😀',
  '😁',
  'Ａ',
  '%',
  '_',
  '\\',
  "'",
  '"',
  ',',
] as const;
const words = fc.constantFrom(...texts);
/** Fewer, so that runs share several. */
const tags = fc.constantFrom('a', 'A', 'a ', '😀');
const ids = <Id extends string>(): fc.Arbitrary<Id> =>
  fc.integer({ min: 1, max: 6 }).map(number => idOf<Id>(number));
const instants: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 4 }).map(at);
const types = fc.constantFrom(...stateTypes.slice(0, 3));
const or = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { freq: 3 });
const list = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> => fc.array(value, { maxLength: 3 });

/** The task runs that runs may have for parents: to whom each belongs. */
export const parents = new Map<TaskRunId, FlowRunId | null>([
  [idOf(1), idOf(1)],
  [idOf(2), idOf(2)],
  [idOf(3), idOf(2)],
  [idOf(4), null],
]);

const textOf = (number: number): string => texts[number % texts.length] ?? '';

/** The flows of the runs by id, with their names. */
export const flowNames = new Map<FlowId, string>(
  Array.from({ length: 30 }, (_none, place) => [idOf<FlowId>(place + 1), `${textOf(place)}${place}`]),
);

/** Some of the deployments that runs name, the others are gone. */
export const deployments = new Map<DeploymentId, { name: string; flowId: FlowId }>(
  [1, 2, 3, 4, 5].map(number => [
    idOf<DeploymentId>(number),
    { name: `${textOf(number)}${textOf(number + 8)}`, flowId: idOf<FlowId>(number * 2) },
  ]),
);

/** The states that runs are in, with their messages. */
export const messages = new Map<StateId, string | null>(
  [...texts, null, 'Lost the WORKER', 'ÁB', 'İa'].map((text, place) => [idOf<StateId>(place + 1), text]),
);

/** Runs in any number of ways alike and different. */
export const manyRuns: fc.Arbitrary<FlowRun[]> = fc
  .array(
    fc.record({
      name: words,
      deploymentId: or(ids<DeploymentId>()),
      workQueueName: or(words),
      flowVersion: or(words),
      tags: fc.array(tags, { maxLength: 4 }),
      idempotencyKey: or(words),
      parentTaskRunId: or(ids<TaskRunId>()),
      createdBy: or(fc.record({ id: or(ids<string>()), type: or(words), displayValue: fc.constant(null) })),
      stateType: or(types),
      stateName: or(words),
      stateId: or(fc.constantFrom(...messages.keys())),
      stateTimestamp: or(instants),
      startTime: or(instants),
      endTime: or(instants),
      expectedStartTime: or(instants),
      nextScheduledStartTime: or(instants),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(runs => runs.map((run, place) => sampleRun(place + 1, run)));

const group = <Group extends object>(conditions: { [Name in keyof Group]: fc.Arbitrary<Group[Name]> }) =>
  fc.record<Partial<Group>>(conditions, { requiredKeys: [] });
const operator = fc.constantFrom('AND' as const, 'OR' as const, null);
const flag = or(fc.boolean());
const span = { before: or(instants), after: or(instants) };

/** Parts of names and messages. */
const parts = fc.constantFrom(...texts, 'worker', 'ÁB', '̇a', '%1', '1');
const named = [...deployments.values()].map(({ name }) => name);
const flow = group({
  operator,
  id: or(group({ any: or(list(ids<string>())), notAny: or(list(ids<string>())) })),
  name: or(group({ any: or(list(fc.constantFrom('', ...flowNames.values()))), like: or(parts) })),
});

const groups = {
  id: group({ any: or(list(ids<string>())), notAny: or(list(ids<string>())) }),
  name: group({ any: or(list(words)), like: or(words) }),
  tags: group({ operator, all: or(list(tags)), any: or(list(tags)), isNull: flag }),
  deploymentId: group({ operator, any: or(list(ids<string>())), isNull: flag }),
  workQueueName: group({ operator, any: or(list(words)), isNull: flag }),
  state: group({
    operator,
    type: or(fc.record({ any: or(list(types)), notAny: or(list(types)) }, { requiredKeys: [] })),
    name: or(fc.record({ any: or(list(words)), notAny: or(list(words)) }, { requiredKeys: [] })),
    message: or(fc.record({ like: or(parts) }, { requiredKeys: [] })),
    timestamp: or(fc.record(span, { requiredKeys: [] })),
  }),
  flow,
  deployment: group({
    operator,
    id: or(group({ any: or(list(ids<string>())), notAny: or(list(ids<string>())) })),
    name: or(group({ any: or(list(fc.constantFrom('', ...named))), like: or(parts) })),
    flow: or(flow),
  }),
  flowVersion: group({ any: or(list(words)) }),
  startTime: group({ ...span, isNull: flag }),
  endTime: group({ ...span, isNull: flag }),
  expectedStartTime: group(span),
  nextScheduledStartTime: group(span),
  parentFlowRunId: group({ operator, any: or(list(ids<string>())) }),
  parentTaskRunId: group({ operator, any: or(list(ids<string>())), isNull: flag }),
  idempotencyKey: group({ any: or(list(words)), notAny: or(list(words)) }),
  createdBy: group({ operator, id: or(list(ids<string>())), type: or(list(words)), isNull: flag }),
};
const groupNames = Object.keys(groups) as (keyof typeof groups)[];

/**
 * Filters over the same values: some groups, so that runs are left to find; each condition there or not, each list
 * empty or not.
 */
export const filters: fc.Arbitrary<FlowRunFilter> = fc
  .tuple(fc.record(groups), operator, fc.subarray(groupNames, { maxLength: 3 }))
  .map(([asked, together, names]) => ({
    operator: together,
    ...Object.fromEntries(names.map(name => [name, asked[name]])),
  }));
