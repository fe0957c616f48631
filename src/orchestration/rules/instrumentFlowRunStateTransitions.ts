import { anyType, anyTypeOrNone, rule } from '../rule';

/** Every written state is announced to those who watch. */
export const instrumentFlowRunStateTransitions = rule({
  name: 'InstrumentFlowRunStateTransitions',
  from: anyTypeOrNone,
  to: anyType,
  after: 'writing',
  followUp: (_facts, { written }) => ({ note: `"${written?.name}" is announced.` }),
});
