/** A request that may block the process; `time` makes its document differ from those that were sent before. */
export interface StallInput {
  readonly name: string;
  readonly path: string;
  /** Absent: the request is a GET. */
  readonly body?: (time: string) => string;
}

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

const query =
  (text: string, variables?: unknown) =>
  (time: string): string =>
    JSON.stringify({ query: `${text} # ${time}`, variables });

/** Fragments that each use the next one, in some way; the last one selects `leaf`. */
const chain = (length: number, type: string, use: (next: string) => string, leaf: string): string =>
  times(length + 1, n => `fragment F${n} on ${type} { ${n === length ? leaf : use(`...F${n + 1}`)} }`).join(
    ' ',
  );

const twice = (next: string): string => `${next} ${next}`;
const runs = (selection: string): string => `{ flowRuns(first: 1) { nodes { ${selection} } } }`;

const documents: Record<string, string> = {
  'introspection, fragments that double, 27 levels': `{ __schema { ...F0 } } ${chain(27, '__Schema', twice, 'types { name }')}`,
  'fragments that double, 60 levels': `${runs('...F0')} ${chain(60, 'FlowRun', twice, 'id')}`,
  'fragments that double below a field, 14 levels': `{ bulkOperations { nodes { ...F0 } } } ${chain(14, 'BulkOperation', next => `retryOf { ${next} } undoOf { ${next} }`, 'id')}`,
  'fragments that double, 12 levels (within the limits)': `${runs('...F0')} ${chain(12, 'FlowRun', twice, 'id')}`,
  'a chain of 2,400 fragments': `${runs('...F0')} ${chain(2400, 'FlowRun', next => next, 'id')}`,
  'a chain of 90 fragments': `${runs('...F0')} ${chain(90, 'FlowRun', next => next, 'id')}`,
  '2,000 fragments in one place': `${runs(times(2000, n => `...F${n}`).join(' '))} ${times(2000, n => `fragment F${n} on FlowRun { id }`).join(' ')}`,
  '400 fragments in one place': `${runs(times(400, n => `...F${n}`).join(' '))} ${times(400, n => `fragment F${n} on FlowRun { id }`).join(' ')}`,
  '620 overlapping selections, depth 3': `{ ${'flowRuns { nodes { id } } '.repeat(620)} }`,
  '250 overlapping selections, depth 3': `{ ${'flowRuns { nodes { id } } '.repeat(250)} }`,
  '9,000 times one field': runs('id '.repeat(9000)),
  '440 times one field': runs('id '.repeat(440)),
  '2,000 inline fragments, nested': runs(`${'... { '.repeat(2000)} id ${'}'.repeat(2000)}`),
  '2,000 inline fragments, side by side': runs('... { id } '.repeat(400)),
  '6,000 directives on one field': runs(`id ${'@include(if: true) '.repeat(2400)}`),
  '6,000 unknown directives': runs(`id ${'@no '.repeat(6000)}`),
  '6,000 unknown fields': `{ ${times(6000, n => `wrong${n}`).join(' ')} }`,
  '100 unknown fields of 2,000 characters': `{ ${times(100, n => `w${n}${'o'.repeat(2000)}`).join(' ')} }`,
  '4,000 unknown arguments': `{ flowRuns(${times(4000, n => `a${n}: 1`).join(' ')}) { totalCount } }`,
  '3,000 operations': times(3000, n => `query Q${n} { __typename }`).join(' '),
  '3,000 variables that are not used': `query (${times(3000, n => `$v${n}: Int`).join(' ')}) { __typename }`,
  '400 operations with 40 fragments': `${times(400, n => `query Q${n} { ...F0 }`).join(' ')} ${chain(40, 'Query', next => next, '__typename')}`,
  '6,000 values in a literal': `{ flowRunCount(filter: { tags: { any: [${times(6000, n => `"t${n}"`).join(' ')}] } }) }`,
  'values nested 3,000 deep': `mutation { createFlowRuns(input: [{ flowId: "${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}", parameters: ${'['.repeat(3000)}${']'.repeat(3000)} }]) { results { created } } }`,
  'values nested 9,000 deep': `{ flowRunCount(filter: ${'{a: '.repeat(4500)}1${'}'.repeat(4500)}) }`,
  'a text of 200,000 characters': `{ flowRunCount(filter: { name: { like: "${'x'.repeat(200_000)}" } }) }`,
  'a document of 1.9 MB': `{ __typename } # ${'x'.repeat(1_900_000)}`,
  '1.9 MB of tokens': `{ ${'id '.repeat(630_000)} }`,
  '200,000 characters of brackets': `{ ${'['.repeat(200_000)}`,
  'introspection as wide as it may be': `{ __schema { types { ...T possibleTypes { ...T } interfaces { ...T } fields { type { ...T fields { name args { name type { ...T } } type { ...T } } } } } } } fragment T on __Type { kind name description ofType { kind name ofType { kind name ofType { kind name } } } }`,
  'lists without first': runs(
    'states { nodes { id name } edges { node { id name } } } flow { id name } deployment { id name }',
  ).replace('(first: 1)', '(first: 50)'),
  'lists without first, nested': `{ bulkOperations { nodes { items { nodes { flowRun { states { nodes { id } } } } } } } }`,
  '50 counts': `{ ${times(50, n => `c${n}: flowRunCount(filter: { name: { like: "x${n}" } })`).join(' ')} }`,
};

/** A body that creates one run with 99,000 numbers that a double would print in another way. */
const withExactNumbers = (
  create: string,
  flowId: string,
  time: string,
  number: (index: number) => string,
): string =>
  query(create, { input: [{ flowId, parameters: { list: 'NUMBERS' } }] })(time).replace(
    '"NUMBERS"',
    `[${times(99_000, number).join(',')}]`,
  );

type Ask = (body: string) => Promise<unknown>;

/** Makes what the requests need, and returns them: hostile documents and bodies, and legitimate ones that are large. */
export async function stallInputs(ask: Ask): Promise<StallInput[]> {
  const { data } = (await ask(
    JSON.stringify({ query: 'mutation { createFlow(input: { name: "stalls" }) { id } }' }),
  )) as { data: { createFlow: { id: string } } };
  const flowId = data.createFlow.id;
  const { data: made } = (await ask(
    JSON.stringify({
      query:
        'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { id } } } }',
      variables: {
        input: times(200, n => ({
          flowId,
          tags: ['stalls-large'],
          parameters: { text: 'x'.repeat(8000), n },
          state: { type: 'RUNNING' },
        })),
      },
    }),
  )) as { data: { createFlowRuns: { results: { flowRun: { id: string } }[] } } };
  const largeIds = made.createFlowRuns.results.map(({ flowRun }) => flowRun.id);
  const create =
    'mutation ($input: [CreateFlowRunInput!]!) { createFlowRuns(input: $input) { results { flowRun { id } } } }';
  const ids = times(10_000, n => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  const large: StallInput[] = [
    {
      name: 'createFlowRuns of 1,000',
      path: '/graphql',
      body: query(create, {
        input: times(1000, n => ({ flowId, tags: ['stalls', `t${n}`], parameters: { n } })),
      }),
    },
    {
      name: 'createFlowRuns with 1.9 MB of parameters',
      path: '/graphql',
      body: query(create, { input: [{ flowId, parameters: { text: 'x'.repeat(1_900_000) } }] }),
    },
    {
      name: 'createFlowRuns with 1.9 MB of small values',
      path: '/graphql',
      body: query(create, { input: [{ flowId, parameters: { list: times(300_000, n => n) } }] }),
    },
    {
      name: 'createFlowRuns of 1,000 with 50 tags each',
      path: '/graphql',
      body: query(create, {
        input: times(1000, n => ({ flowId, tags: times(50, tag => `t${n}-${tag}`), parameters: { n } })),
      }),
    },
    {
      name: 'createFlowRuns of 1,000 with a state each',
      path: '/graphql',
      body: query(create, {
        input: times(1000, n => ({
          flowId,
          parameters: { n },
          state: { type: 'SCHEDULED', message: 'm'.repeat(1000) },
        })),
      }),
    },
    {
      name: 'createFlowRuns with 99,000 numbers of their own digits',
      path: '/graphql',
      body: time => withExactNumbers(create, flowId, time, n => `${n}.0`),
    },
    {
      name: 'createFlowRuns with 99,000 integers beyond doubles',
      path: '/graphql',
      body: time => withExactNumbers(create, flowId, time, n => `9007199254${100_000 + n}`),
    },
    {
      name: 'createFlowRuns with 49,000 names',
      path: '/graphql',
      body: query(create, {
        input: [{ flowId, parameters: Object.fromEntries(times(49_000, n => [`name ${n}`, n])) }],
      }),
    },
    {
      name: 'createFlowRuns with values nested 190 deep, 500 times',
      path: '/graphql',
      body: query(create, {
        input: times(500, () => ({
          flowId,
          parameters: { deep: JSON.parse('['.repeat(190) + ']'.repeat(190)) as unknown },
        })),
      }),
    },
    {
      name: 'bulkSetFlowRunState of 50 with a large state',
      path: '/graphql',
      body: query(
        'mutation ($input: BulkSetFlowRunStateInput!) { bulkSetFlowRunState(input: $input) { results { status previousState { id } state { id message data } } } }',
        {
          input: {
            flowRuns: { state: { type: { any: ['RUNNING', 'COMPLETED'] } } },
            limit: 50,
            force: true,
            state: { type: 'RUNNING', message: 'm'.repeat(100_000) },
          },
        },
      ),
    },
    {
      name: 'previewBulkSetFlowRunState by a filter that nothing matches',
      path: '/graphql',
      body: query(
        'query ($input: BulkSetFlowRunStateInput!) { previewBulkSetFlowRunState(input: $input) { results { status } } }',
        { input: { flowRuns: { name: { like: 'nowhere' } }, state: { type: 'CANCELLED' } } },
      ),
    },
    {
      name: 'a page of 200 runs with large parameters over REST',
      path: '/api/flow_runs/filter',
      body: () => JSON.stringify({ flow_runs: { id: { any_: largeIds } }, limit: 200 }),
    },
    {
      name: 'a count by a text that nothing matches',
      path: '/graphql',
      body: query('query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }', {
        filter: { name: { like: 'nowhere%to_be%found' } },
      }),
    },
    {
      name: 'a page by a text that nothing matches',
      path: '/graphql',
      body: query(
        'query ($filter: FlowRunFilter) { flowRuns(filter: $filter, first: 200) { nodes { id } } }',
        {
          filter: { name: { like: 'nowhere%to_be%found' } },
        },
      ),
    },
    {
      name: 'a delete by a text that nothing matches',
      path: '/graphql',
      body: query(
        'mutation ($input: BulkDeleteFlowRunsInput!) { bulkDeleteFlowRuns(input: $input) { deletedIds } }',
        { input: { flowRuns: { name: { like: 'nowhere%to_be%found' } } } },
      ),
    },
    { name: 'the page of GraphiQL', path: '/graphql' },
    {
      name: '10,000 ids',
      path: '/graphql',
      body: query('query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }', {
        filter: { id: { any: ids } },
      }),
    },
    {
      name: '10,000 ids over REST',
      path: '/api/flow_runs/count',
      body: () => JSON.stringify({ flow_runs: { id: { any_: ids } } }),
    },
    {
      name: '10,000 names that do not exist',
      path: '/graphql',
      body: query('query ($filter: FlowRunFilter) { flowRunCount(filter: $filter) }', {
        filter: { name: { any: ids } },
      }),
    },
    { name: 'a page of 200 runs over REST', path: '/api/flow_runs/filter', body: () => '{}' },
    {
      name: 'a page of 200 runs with all of their fields',
      path: '/graphql',
      body: query(
        '{ flowRuns(first: 200) { totalCount nodes { id name flow { id name } deployment { id name } tags parameters stateType stateName state { id type name message data timestamp stateDetails { scheduledTime } } states(first: 10) { nodes { id type name } } } } }',
      ),
    },
  ];
  return [
    ...Object.entries(documents).map(([name, text]) => ({ name, path: '/graphql', body: query(text) })),
    ...large,
  ];
}
