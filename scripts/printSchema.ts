import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../src/http/graphql';
import { codesPage } from './codesPage';

const schema = createSchema();

/** What is written from the code, by the file that holds it. */
const pages: Readonly<Record<string, string>> = {
  'schema.graphql': `${printSchema(lexicographicSortSchema(schema))}\n`,
  'docs/codes.md': codesPage(schema),
};

for (const [name, text] of Object.entries(pages)) {
  const file = join(process.cwd(), name);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${name} is not what the code prints: run "npm run schema:print".`);
    process.exitCode = 1;
  }
}
