import { createHash } from 'node:crypto';
import { runCommand } from '../harness/commandLine';

test('creates a key whose entry has its digest', async () => {
  const { code, stdout } = await runCommand([
    'keys',
    'create',
    'ops',
    '--scope',
    'read+operate',
    '-o',
    'json',
  ]);
  expect(code).toBe(0);
  const { key, entry } = JSON.parse(stdout) as { key: string; entry: string };
  expect(entry).toBe(`ops:read+operate:${createHash('sha256').update(key).digest('hex')}`);
});

test('rejects a scope that does not exist', async () => {
  const result = await runCommand(['keys', 'create', 'ops', '--scope', 'root']);
  expect(result).toMatchObject({ code: 2, stdout: '' });
});

test('reports invalid settings of a server as wrong usage', async () => {
  const result = await runCommand(['serve', '--host', '0.0.0.0'], {
    API_KEYS: '',
    DATABASE_URL: 'file::memory:',
  });
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain('API_KEYS');
});
