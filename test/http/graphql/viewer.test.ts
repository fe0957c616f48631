import { createHash } from 'node:crypto';
import { version } from '../../../package.json';
import { describeOnEveryDatabase } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { shared } from '../../harness/shared';

const keyOf = (name: string, scopes: string): string =>
  `${name}:${scopes}:${createHash('sha256').update(`key-of-${name}`).digest('hex')}`;
const bearer = (name: string) => ({ authorization: `Bearer ${Buffer.from(`key-of-${name}`).toString()}` });

const viewer = '{ viewer { name scopes } }';

describeOnEveryDatabase('a gateway', database => {
  const gateway = shared(() => startGateway(database.url));

  test('shows a caller without authentication as local, with all scopes', async () => {
    expect(await gateway.ask(viewer)).toEqual({
      viewer: { name: 'local', scopes: ['read', 'write', 'force', 'operate', 'admin'] },
    });
  });

  test('shows its version, its time and its database', async () => {
    const before = new Date().toISOString();
    const { server } = await gateway.ask<{ server: { time: string } }>(
      '{ server { version time database attachedTo } }',
    );
    expect(server).toEqual({ version, time: server.time, database: database.kind, attachedTo: null });
    expect(server.time.slice(0, 19) >= before.slice(0, 19)).toBe(true);
  });

  describe('with keys', () => {
    const guarded = shared(() =>
      startGateway(database.url, { API_KEYS: `${keyOf('nora', 'write+force')},${keyOf('root', 'admin')}` }),
    );

    test('shows each caller its name and scopes, also one that may not read', async () => {
      expect(await guarded.ask(viewer, {}, bearer('nora'))).toEqual({
        viewer: { name: 'nora', scopes: ['write', 'force'] },
      });
      expect(await guarded.ask(viewer, {}, bearer('root'))).toEqual({
        viewer: { name: 'root', scopes: ['read', 'write', 'force', 'operate', 'admin'] },
      });
      await expect(guarded.ask(viewer)).rejects.toThrow('Authorization');
    });
  });
});
