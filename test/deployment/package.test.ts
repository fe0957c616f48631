import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as description from '../../package.json';

const root = resolve(__dirname, '../..');
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

  test('is what the image starts, without npm, with a check of its health', () => {
    const image = read('Dockerfile');
    expect(image).toContain('ENTRYPOINT ["node", "dist/cli/switchyard.js"]');
    expect(image).toMatch(/HEALTHCHECK [^]*\/readyz/);
    expect(image).toContain('VOLUME /data');
  });
});
