import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import * as description from '../../package.json';
import { startProcess } from '../harness/gatewayProcess';
import { type InstalledPackage, installPackage } from '../harness/installedPackage';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);
const read = (name: string): string => readFileSync(resolve(root, name), 'utf8');

describe('the package', () => {
  test('has a command whose source exists, and contains what the command loads', () => {
    const [built = ''] = Object.values(description.bin);
    expect(existsSync(resolve(root, built.replace('dist/', '').replace('.js', '.ts')))).toBe(true);
    expect(description.files).toEqual(
      expect.arrayContaining(['dist/package.json', 'dist/cli', 'dist/src', 'dist/demo', 'dist/console']),
    );
    expect(read('cli/switchyard.ts')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('can be published, with its licence and the changes of its version', () => {
    expect(description).not.toHaveProperty('private');
    expect(read('LICENSE')).toContain('Apache License');
    expect(read('CHANGELOG.md')).toContain(`## ${description.version}\n`);
  });

  test('requires no package that needs a newer Node than the oldest one it runs on', async () => {
    expect(description.engines.node).toBe('>=20.19');
    const newer = '.prod:attr(engines, [node]):not(:semver(20.19.0, :attr(engines, [node])))';
    const { stdout } = await run('npm', ['query', '--package-lock-only', '--offline', newer], { cwd: root });
    expect((JSON.parse(stdout) as { pkgid: string }[]).map(({ pkgid }) => pkgid)).toEqual([]);
  }, 60_000);

  test('is what the image starts, without npm, with a check of its health', () => {
    const image = read('Dockerfile');
    expect(image).toContain('ENTRYPOINT ["node", "dist/cli/switchyard.js"]');
    expect(image).toMatch(/HEALTHCHECK [^]*\/readyz/);
    expect(image).toContain('VOLUME /data');
  });
});

describe('the package, installed in an empty folder', () => {
  let installed: InstalledPackage;
  beforeAll(async () => {
    installed = await installPackage();
  }, 120_000);
  afterAll(() => installed?.close());

  test('is published in less than 5 MB', () => {
    expect(installed.archiveBytes).toBeLessThan(5_000_000);
  });

  test('serves clients and browsers, and ends with 0 on SIGTERM', async () => {
    const { folder, command } = installed;
    const gateway = startProcess([...command, 'serve', '--port', '0'], folder, {});
    try {
      const url = await gateway.url();
      for (const path of ['/livez', '/readyz', '/console', '/graphql'])
        expect([path, (await fetch(url + path, { headers: { accept: 'text/html' } })).status]).toEqual([
          path,
          200,
        ]);
      const count = [...command, '--url', url, 'runs', 'count', '-o', 'name'];
      expect((await run(process.execPath, count, { cwd: folder })).stdout).toBe('0\n');
      gateway.terminate();
      expect(await gateway.ended()).toBe(0);
    } finally {
      await gateway.kill();
    }
    expect(existsSync(resolve(folder, 'data/switchyard.db'))).toBe(true);
  }, 60_000);
});
