import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const document = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');

/** Each test file that the document names, with the titles that follow it. */
const references = [...document.matchAll(/`(test\/[\w/]+\.test\.ts)`(?:: ((?:“[^”]+”(?:, )?)+))?/g)].flatMap(
  ([, file = '', titles = '']) =>
    titles === '' ? [[file, '']] : [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => [file, title]),
);

test('docs/reliability.md has a test for each row', () => {
  const rows = document.split('\n').filter(line => line.startsWith('| ') && line.includes('test/'));
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter(row => !row.includes('“'))).toEqual([]);
});

test.each(references)('docs/reliability.md names a test that exists: %s %s', (file, title) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(title);
});
