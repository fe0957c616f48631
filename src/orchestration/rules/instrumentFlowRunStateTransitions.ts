import { anyType, anyTypeOrNone, rule } from '../rule';

/** Publishes every written state to subscribers. */
export const instrumentFlowRunStateTransitions = rule({
  name: 'InstrumentFlowRunStateTransitions',
  from: anyTypeOrNone,
  to: anyType,
  after: 'writing',
  followUp: (_facts, { written }) => ({ note: `"${written?.name}" is announced.` }),
});
