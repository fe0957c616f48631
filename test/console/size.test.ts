import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtFile } from '../harness/builtFile';

/** The size of all files of a kind as browsers receive them, with gzip. */
const compressedBytes = (suffix: string): number => {
  const folder = builtFile('console/assets');
  const files = readdirSync(folder).filter(name => name.endsWith(`${suffix}.gz`));
  expect(files).not.toEqual([]);
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
};

describe('the built console', () => {
  it('has at most 100 KB of compressed script', () => {
    expect(compressedBytes('.js')).toBeLessThanOrEqual(100_000);
  });

  it('has at most 15 KB of compressed style', () => {
    expect(compressedBytes('.css')).toBeLessThanOrEqual(15_000);
  });
});
