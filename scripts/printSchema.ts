import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from '../src/http/graphql';
import { codesPage } from './codesPage';
import { consoleCodeMeanings, consoleTypes } from './consoleTypes';

/** What is written from the code, by the file that holds it. */
async function writtenPages(): Promise<Readonly<Record<string, string>>> {
  const schema = lexicographicSortSchema(createSchema());
  return {
    'schema.graphql': `${printSchema(schema)}\n`,
    'docs/codes.md': codesPage(createSchema()),
    'console/generated/codeMeanings.ts': consoleCodeMeanings(schema),
    'console/generated/graphql.ts': await consoleTypes(schema),
  };
}

async function main(): Promise<void> {
  for (const [name, text] of Object.entries(await writtenPages())) {
    const file = join(process.cwd(), name);
    if (!process.argv.includes('--check')) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      console.error(`${name} is not what the code prints: run "npm run schema:print".`);
      process.exitCode = 1;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
