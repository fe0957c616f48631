import { useNotFoundPage } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const asBrowser = { accept: 'text/html,application/xhtml+xml' };

describe('useNotFoundPage', () => {
  const getFrom = (graphiql: boolean, path: string, headers: Record<string, string> = {}) =>
    toyServer([useNotFoundPage({ graphiql })]).send({ method: 'GET', headers }, `http://localhost${path}`);

  it('leads a browser that only knows the host to GraphiQL', async () => {
    const { status, headers } = await getFrom(true, '/', asBrowser);
    expect([status, headers.get('location')]).toEqual([302, '/graphql']);
  });

  it.each<[string, Record<string, string>]>([
    ['/', {}],
    ['/nowhere', asBrowser],
    ['/graphql/', {}],
  ])('says at %s where things are', async (path, headers) => {
    const answer = await getFrom(true, path, headers);
    expect(answer.status).toBe(404);
    expect(answer.errors).toEqual([
      { message: expect.stringMatching(/\/graphql.*\/api\/.*\/livez/), extensions: { code: 'NOT_FOUND' } },
    ]);
  });

  it('leads nobody to a GraphiQL that is switched off', async () => {
    expect((await getFrom(false, '/', asBrowser)).status).toBe(404);
  });

  it('leaves GraphQL alone', async () => {
    const { ask } = toyServer([useNotFoundPage({ graphiql: true })]);
    expect((await ask('{ hello }')).status).toBe(200);
  });
});
