import { bucketCount } from '../../domain/bounds';
import { findFlowRunHistory, type HistoryBucket } from '../../flowRuns/flowRunHistory';
import { builder } from './builder';
import { countsByBucket, itemsAtMost } from './fieldCosts';
import { FlowRunFilter } from './flowRunFilter';
import { FlowRunStateCount } from './flowRunStateCount';

const FlowRunHistoryBucket = builder.objectRef<HistoryBucket>('FlowRunHistoryBucket').implement({
  description:
    'The number of runs whose start time, or expected start time if there is no start time, lies in `from` (included) to `to` (excluded).',
  fields: t => ({
    from: t.expose('from', { type: 'DateTime', description: 'The first instant of the bucket.' }),
    to: t.expose('to', { type: 'DateTime', description: 'The first instant after the bucket.' }),
    counts: t.field({
      ...itemsAtMost(10),
      type: [FlowRunStateCount],
      description: 'The number of runs by the type of their state, without types that have no runs.',
      resolve: ({ counts }) => counts,
    }),
  }),
});

builder.queryField('flowRunHistory', t =>
  t.field({
    ...countsByBucket,
    type: [FlowRunHistoryBucket],
    description:
      'Returns the number of matching runs over time, in equal buckets from `from` to `to`, oldest first. Buckets that cannot be equal to the microsecond differ by one.',
    args: {
      filter: t.arg({ type: FlowRunFilter, description: 'The runs to include; all by default.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'The first instant.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'The first instant that is not included: after `from`, and at most 100 years after it.',
      }),
      buckets: t.arg.int({
        required: true,
        defaultValue: 60,
        description: '1 to 500.',
        validate: { schema: bucketCount },
      }),
    },
    resolve: (_parent, { filter, ...span }, { services }) =>
      findFlowRunHistory(services, filter ?? null, span),
  }),
);
