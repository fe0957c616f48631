import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['examples', 'codegen'].map(name => join(__dirname, name));

test('docs/clients.md prints each example as it runs here', () => {
  const page = readFileSync(join(__dirname, '../../docs/clients.md'), 'utf8');
  const printed = [...page.matchAll(/^```(?:ts|graphql|yaml)\n([^]*?)^```$/gm)].map(([, code]) => code);
  const files = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)));
  const run = files.map(file => readFileSync(file, 'utf8'));

  expect(new Set(printed)).toEqual(new Set(run));
});
