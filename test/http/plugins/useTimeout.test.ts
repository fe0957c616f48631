import { setTimeout as pause } from 'node:timers/promises';
import { useTimeout } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const limit = useTimeout({ requestTimeoutSeconds: 0.05 });

describe('useTimeout', () => {
  it('leaves alone what is quick enough', async () => {
    const { ask } = toyServer([limit]);
    expect((await ask('{ hello }')).data).toEqual({ hello: 'world' });
  });

  it.each(['query', 'mutation'])('gives up a slow %s', async kind => {
    const never = () => new Promise(() => {});
    const server = toyServer([limit], { Query: { hello: never }, Mutation: { change: never } });
    const answer = await server.ask(kind === 'query' ? '{ hello }' : 'mutation { change }');
    expect(answer.status).toBe(504);
    expect(answer.errors).toMatchObject([
      { message: expect.stringContaining('longer than 0.05 seconds'), extensions: { code: 'TIMEOUT' } },
    ]);
    expect(server.log()).toBe('');
  });

  it('begins no further change after that', async () => {
    const begun: string[] = [];
    const change = async () => {
      begun.push('change');
      await pause(80);
    };
    const { ask } = toyServer([limit], { Mutation: { change } });
    await ask('mutation { a: change b: change }');
    await pause(100);
    expect(begun).toEqual(['change']);
  });

  it('leaves subscriptions alone', async () => {
    async function* subscribe() {
      yield { ticks: 1 };
      await pause(100);
      yield { ticks: 2 };
    }
    const { ask } = toyServer([limit], { Subscription: { ticks: { subscribe } } });
    const { text } = await ask('subscription { ticks }', {}, { accept: 'text/event-stream' });
    expect(text).toContain('{"data":{"ticks":2}}');
    expect(text).not.toContain('TIMEOUT');
  });
});
