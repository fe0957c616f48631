import { useNotFoundPage } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const asBrowser = { accept: 'text/html,application/xhtml+xml' };

describe('useNotFoundPage', () => {
  const everyPage = { console: true, graphiql: true };
  const getFrom = (pages: typeof everyPage, path: string, headers: Record<string, string> = {}) =>
    toyServer([useNotFoundPage(pages)]).send({ method: 'GET', headers }, `http://localhost${path}`);

  it.each([
    [everyPage, '/console'],
    [{ console: false, graphiql: true }, '/graphql'],
  ])('redirects a browser that opens the root, with %j, to %s', async (pages, home) => {
    const { status, headers } = await getFrom(pages, '/', asBrowser);
    expect([status, headers.get('location')]).toEqual([302, home]);
  });

  it.each<[string, Record<string, string>]>([
    ['/', {}],
    ['/nowhere', asBrowser],
    ['/graphql/', {}],
  ])('lists at %s where to find what', async (path, headers) => {
    const answer = await getFrom(everyPage, path, headers);
    expect(answer.status).toBe(404);
    expect(answer.errors).toEqual([
      {
        message: expect.stringMatching(/\/console.*\/graphql.*\/api\/.*\/livez/),
        extensions: { code: 'NOT_FOUND' },
      },
    ]);
  });

  it('redirects no browser to a page that is switched off', async () => {
    expect((await getFrom({ console: false, graphiql: false }, '/', asBrowser)).status).toBe(404);
  });

  it('does not change GraphQL requests', async () => {
    const { ask } = toyServer([useNotFoundPage(everyPage)]);
    expect((await ask('{ hello }')).status).toBe(200);
  });
});
