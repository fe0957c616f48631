import { setTimeout as pause } from 'node:timers/promises';
import { useTimeout } from '../../../src/http/plugins';
import { toyServer } from './toyServer';

const limit = useTimeout({ requestTimeoutSeconds: 0.05 });

describe('useTimeout', () => {
  it('does not change fast responses', async () => {
    const { ask } = toyServer([limit]);
    expect((await ask('{ hello }')).data).toEqual({ hello: 'world' });
  });

  it.each(['query', 'mutation'])('ends a slow %s with TIMEOUT', async kind => {
    const never = () => new Promise(() => {});
    const server = toyServer([limit], { Query: { hello: never }, Mutation: { change: never } });
    const answer = await server.ask(kind === 'query' ? '{ hello }' : 'mutation { change }');
    expect(answer.status).toBe(504);
    expect(answer.errors).toMatchObject([
      { message: expect.stringContaining('longer than 0.05 seconds'), extensions: { code: 'TIMEOUT' } },
    ]);
    expect(server.log()).toBe('');
  });

  it('starts no further change after the time limit', async () => {
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

  it('does not limit subscriptions', async () => {
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
