import { loadPrefect } from './prefectForks';

test('a Prefect that cannot be loaded says why, to every command that waits for it', async () => {
  const notPython = process.execPath;
  const forks = loadPrefect({ python: notPython, packages: '/absent', database: '/absent' }, '/absent');
  const command = { words: [], environment: {}, folder: '/', log: '/dev/null' };
  const reason = /^Prefect could not be loaded \(1\):[^]*MODULE_NOT_FOUND/;

  const results = await Promise.allSettled([forks.fork(command), forks.fork(command)]);

  for (const result of results)
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringMatching(reason) as string },
    });
  await expect(forks.fork(command)).rejects.toThrow('MODULE_NOT_FOUND');
});
