import * as values from '../../flowRuns/findValuesInUse';
import { builder } from './builder';
import { checkPageSize, firstArgument } from './connection';
import { countsByValue } from './fieldCosts';
import { FlowRunFilter } from './flowRunFilter';

const ValueCount = builder.objectRef<values.ValueCount>('ValueCount').implement({
  description: 'A value in use, and how many runs have it.',
  fields: t => ({
    value: t.exposeString('value', { description: 'The value.' }),
    count: t.exposeInt('count', { description: 'The number of runs that have it.' }),
  }),
});

const likeArgument = builder.args(t => ({
  like: t.string({
    description: 'Contains this text, in whatever case; `%` and `_` are ordinary characters. All by default.',
  }),
}));

builder.queryFields(t => ({
  tags: t.field({
    ...countsByValue,
    type: [ValueCount],
    description: 'Returns tags in use, most used first.',
    args: { ...likeArgument, ...firstArgument(50) },
    resolve(_parent, { like, first }, context) {
      checkPageSize(first, context);
      return values.findTags(context.services, like ?? '', first);
    },
  }),
  workQueueNames: t.field({
    ...countsByValue,
    type: [ValueCount],
    description: 'Returns names of work queues in use, most used first.',
    args: { ...likeArgument, ...firstArgument(50) },
    resolve(_parent, { like, first }, context) {
      checkPageSize(first, context);
      return values.findWorkQueueNames(context.services, like ?? '', first);
    },
  }),
  stateMessages: t.field({
    ...countsByValue,
    type: [ValueCount],
    description:
      'Returns the messages of current states among the newest 10,000 matching runs, most frequent first. Messages are cut to, and count as the same by, their first 1,000 characters.',
    args: {
      filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }),
      ...firstArgument(20),
    },
    resolve(_parent, { filter, first }, context) {
      checkPageSize(first, context);
      return values.findStateMessages(context.services, filter ?? null, first);
    },
  }),
}));
