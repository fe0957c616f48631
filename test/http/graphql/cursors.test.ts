import * as fc from 'fast-check';
import { z } from 'zod';
import { type CursorList, decodeCursor, encodeCursor } from '../../../src/http/graphql/cursors';
import { describeOnEveryDatabase } from '../../harness/databases';
import { seededGateway } from '../../harness/seededGateway';

const sorts = ['ID_DESC', 'START_TIME_ASC', 'EXPECTED_START_TIME_DESC', 'NAME_ASC', 'END_TIME_DESC'] as const;

const lists: readonly [list: string, query: string][] = [
  ...sorts.map((sort): [string, string] => [
    `runs sorted by ${sort}`,
    `query ($after: String) { list: flowRuns(sort: ${sort}, after: $after) { pageInfo { endCursor } } }`,
  ]),
  [
    "a run's states",
    'query ($after: String) { list: flowRuns { nodes { states(after: $after) { pageInfo { endCursor } } } } }',
  ],
  ['flows', 'query ($after: String) { list: flows(after: $after) { pageInfo { endCursor } } }'],
  ['deployments', 'query ($after: String) { list: deployments(after: $after) { pageInfo { endCursor } } }'],
  ['operations', 'query ($after: String) { list: bulkOperations(after: $after) { pageInfo { endCursor } } }'],
  [
    "an operation's items",
    'query ($after: String) { list: bulkOperations { nodes { items(after: $after) { pageInfo { endCursor } } } } }',
  ],
];

/** The first cursor in a response, at any depth. */
const cursorIn = (answer: unknown): string =>
  /"endCursor":"([^"]+)"/.exec(JSON.stringify(answer))?.[1] ?? 'no cursor';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** Values that stand in the places of a cursor's parts, and are no such parts. */
const wrongParts = [
  'x',
  '',
  "' OR 1 = 1 --",
  '2026-02-30 00:00:00.000000',
  '0000-00-00 00:00:00.000000',
  '2026-01-01T00:00:00.000000Z',
  '2026-01-01',
  '\0',
  '\ud800',
  '9'.repeat(40),
  'F'.repeat(5000),
  'AAAAAAAA-0000-7000-8000-000000000001',
  1,
  1e300,
  true,
  [],
  {},
];

/** Those among them that are texts as a list may hold, and so reach a statement. */
const textParts = ["' OR 1 = 1 --", 'F'.repeat(5000), '2026-01-01'];

/** The cursor with each of its parts replaced by each of the wrong ones. */
function forgeriesOf(cursor: string, wrongParts: readonly unknown[]): string[] {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('[')) return wrongParts.map(part => encoded(String(part)));
  const parts = JSON.parse(text) as unknown[];
  return parts.flatMap((_part, index) =>
    wrongParts.map(wrong => encoded(JSON.stringify(parts.with(index, wrong)))),
  );
}

describeOnEveryDatabase('a cursor that no list has made', database => {
  const gateway = seededGateway(database);

  beforeAll(async () => {
    await gateway.seeding.createFlowRuns([
      { flowId: gateway.flowId, name: 'run', state: { type: 'SCHEDULED' } },
      { flowId: gateway.flowId, name: 'run', state: { type: 'COMPLETED' } },
    ]);
    await gateway.ask(
      `mutation { createDeployment(input: { flowId: "${gateway.flowId}", name: "nightly" }) { id } }`,
    );
    await gateway.ask(
      `mutation { startBulkOperation(input: { state: { type: CANCELLED }, flowRuns: {}, all: true, reason: "a test" }) {
        ... on BulkOperation { id }
      } }`,
    );
  });

  const refusalOf = async (query: string, after: string): Promise<unknown> => {
    const answer = await gateway.ask(query, { after }).catch((error: unknown) => error);
    const { errors = [] } = answer as {
      errors?: { extensions: { code: string; issues?: { path: unknown }[] } }[];
    };
    const [{ extensions } = { extensions: null }] = errors;
    return extensions && { code: extensions.code, path: extensions.issues?.[0]?.path };
  };
  const refused = { code: 'BAD_USER_INPUT', path: ['after'] };

  // Most are rejected before any statement: the database makes no difference there.
  const isEmbedded = database.kind === 'embedded';

  test.each(lists)('is rejected by the list of %s, with any content', async (_list, query) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.base64String(), fc.json().map(encoded), fc.constant('x'.repeat(50_000))),
        async after => expect(await refusalOf(query, after)).toEqual(refused),
      ),
      { numRuns: isEmbedded ? 15 : 2 },
    );
  });

  test.each(lists)(
    'is rejected by the list of %s after a change of one part of a valid one',
    async (_list, query) => {
      const cursor = cursorIn(await gateway.ask(query, { after: null }));
      expect(await refusalOf(query, cursor)).toBeNull();
      // A name or an instant may be one that a list has made.
      for (const forgery of forgeriesOf(cursor, isEmbedded ? wrongParts : textParts))
        expect([null, refused]).toContainEqual(await refusalOf(query, forgery));
      expect(await refusalOf(query, `${cursor}=`)).toEqual(refused);
      if (!isEmbedded) return;
      for (const [other, otherQuery] of lists.filter(([, otherQuery]) => otherQuery !== query)) {
        const foreign = cursorIn(await gateway.ask(otherQuery, { after: null }));
        expect({ other, ...((await refusalOf(query, foreign)) as object) }).toEqual({ other, ...refused });
      }
    },
  );
});

describe('a cursor', () => {
  const list = (sort: string, filter: string): CursorList<[name: string, id: number]> => ({
    name: 'things',
    within: { sort, filter },
    key: z.tuple([z.string(), z.int()]),
  });
  const made = list('NAME', 'all');
  const cursor = encodeCursor(made, ['one', 1]);

  const issueOf = (of: CursorList<[string, number]>, text: string): unknown => {
    try {
      return decodeCursor(of, text);
    } catch (error) {
      return (error as { issues?: unknown }).issues;
    }
  };

  test('decodes to the key that it was encoded from', () => {
    expect(decodeCursor(made, cursor)).toEqual(['one', 1]);
  });

  test.each([
    ['sort', list('TIME', 'all'), 'is a cursor of another sort; start again without it'],
    ['filter', list('NAME', 'some'), 'is a cursor of another filter; start again without it'],
    ['list', { ...made, name: 'others' }, 'is not a cursor of this list; start again without it'],
  ])('of another %s is rejected with an error that names the argument', (_what, other, message) => {
    expect(issueOf(other, cursor)).toEqual([{ path: ['after'], message }]);
  });

  test.each([
    ['of the form that operations had before', encoded('position 01a20d2b-1926-77ea-8822-631e27f1bee4 1')],
    ['of the form that runs had before', encoded('["NAME","all","one",1]')],
    ['with spaces in it', encoded('["things","NAME","all","one", 1]')],
    ['with more than its key', encoded('["things","NAME","all","one",1,2]')],
    ['with padding', `${cursor}=`],
    ['without any text', ''],
  ])('is rejected: %s', (_what, text) => {
    expect(issueOf(made, text)).toEqual([
      { path: ['after'], message: 'is not a cursor of this list; start again without it' },
    ]);
  });
});
