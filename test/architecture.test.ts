import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Imports against the house, by the file that would hold them. */
const forbidden: Record<string, readonly string[]> = {
  'src/domain/a.ts': [
    '../orchestration/b',
    '../app/b',
    '../messaging/b',
    '../config',
    '../context',
    'typeorm',
    'graphql',
  ],
  'src/domain/deeper/a.ts': ['../../orchestration/b'],
  'src/orchestration/a.ts': [
    '../persistence/b',
    '../app/b',
    '../logging',
    'typeorm',
    '@pothos/core',
    'bullmq',
  ],
  'src/orchestration/rules/a.ts': ['../../persistence/b'],
  'src/persistence/a.ts': [
    '../orchestration/b',
    '../app/b',
    '../schema/b',
    '../rest/b',
    '../operations/b',
    '../messaging/b',
    'graphql',
    'ioredis',
  ],
  'src/persistence/filter/a.ts': ['../../app/b'],
  'src/app/a.ts': [
    '../schema',
    '../rest/b',
    '../operations/b',
    '../background',
    '../messaging',
    '../server',
    'typeorm',
    'ioredis',
    'mysql2/promise',
    'graphql',
  ],
  'src/operations/a.ts': [
    '../schema/b',
    '../rest/b',
    '../background',
    '../messaging',
    '../server',
    'typeorm',
    'bullmq',
  ],
  'src/background/a.ts': [
    '../orchestration/b',
    '../operations/b',
    '../schema/b',
    '../server',
    'typeorm',
    'graphql',
  ],
  'src/messaging/a.ts': [
    '../persistence/b',
    '../operations/b',
    '../background',
    '../schema/b',
    '../server',
    'typeorm',
    'graphql',
  ],
  'src/schema/a.ts': [
    '../messaging',
    '../persistence/b',
    '../orchestration/b',
    '../rest/b',
    '../server',
    'typeorm',
    'libsql',
  ],
  'src/rest/a.ts': [
    '../persistence/b',
    '../orchestration/b',
    '../schema/b',
    '../messaging',
    'graphql',
    'mysql2',
  ],
  'src/authentication/a.ts': ['../app/b', 'graphql-yoga'],
  'src/plugins/a.ts': ['typeorm'],
  'src/main.ts': ['graphql', 'typeorm', 'ioredis', '../test/harness/databases'],
  'src/server.ts': ['typeorm', '../bench/b'],
  'src/schema/b.ts': ['../../test/harness/databases'],
};

/** Imports along the house. */
const allowed: Record<string, readonly string[]> = {
  'src/domain/c.ts': ['./b', 'temporal-polyfill'],
  'src/orchestration/rules/c.ts': ['../rule', '../../domain/b'],
  'src/persistence/c.ts': ['./filter/b', '../domain/b', 'typeorm', 'mysql2/promise', 'libsql'],
  'src/app/c.ts': ['./b', '../orchestration/b', '../persistence/b', '../domain/b'],
  'src/operations/c.ts': ['../app/b', '../persistence/b', '../orchestration/b', '../domain/b'],
  'src/background/c.ts': ['./b', '../app/b', '../persistence/b', '../domain/b', '../config', '../logging'],
  'src/messaging/c.ts': ['./b', '../app/b', '../domain/b', '../logging', 'ioredis', 'bullmq'],
  'src/application.ts': ['./messaging', './persistence/b'],
  'src/schema/c.ts': ['../app/b', '../domain/b', '../context', 'graphql', '@pothos/core'],
  'src/rest/c.ts': ['../app/b', '../domain/b', '../context'],
  'src/main.ts': ['./server', './config', './background'],
  'src/server.ts': ['./schema', './rest/b', 'graphql-yoga', 'graphql'],
  'ormconfig.ts': ['./src/persistence/b', 'typeorm'],
  'test/c.test.ts': ['../src/persistence/b', 'typeorm', 'graphql', 'mysql2/promise', 'ioredis'],
};

interface Diagnostic {
  message: string;
  code: string;
  filename: string;
}

const root = resolve(__dirname, '..');
let house: string;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'switchyard-architecture-'));
});
afterAll(() => rm(house, { recursive: true, force: true }));

/** What the linter, with the project's own settings, says of files that hold nothing but these imports. */
async function findForbidden(files: Record<string, readonly string[]>, typesOnly = false): Promise<string[]> {
  const folder = await mkdtemp(join(house, 'project-'));
  await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [file, specifiers] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const keyword = typesOnly ? 'import type' : 'import';
    const lines = specifiers.map((specifier, index) => `${keyword} { a${index} } from '${specifier}';\n`);
    await writeFile(join(folder, file), lines.join(''));
  }
  const { diagnostics } = JSON.parse(await lint(folder)) as { diagnostics: Diagnostic[] };
  return diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename, message }) => `${filename}: ${/'(.*?)'/.exec(message)?.[1]}`)
    .sort();
}

function lint(folder: string): Promise<string> {
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  return new Promise(settle => {
    execFile(process.execPath, [oxlint, '--format', 'json'], { cwd: folder }, (_error, output) =>
      settle(output),
    );
  });
}

const listed = (files: Record<string, readonly string[]>): string[] =>
  Object.entries(files)
    .flatMap(([file, specifiers]) => specifiers.map(specifier => `${file}: ${specifier}`))
    .sort();

test('the linter reports every import against the house', async () => {
  expect(await findForbidden(forbidden)).toEqual(listed(forbidden));
});

test('the linter lets imports along the house pass', async () => {
  expect(await findForbidden(allowed)).toEqual([]);
});

test('src/persistence may know the types of src/orchestration', async () => {
  expect(await findForbidden({ 'src/persistence/a.ts': ['../orchestration/b'] }, true)).toEqual([]);
});

test('elsewhere types are no excuse', async () => {
  const files = { 'src/domain/a.ts': ['../orchestration/b'], 'src/app/a.ts': ['typeorm'] };

  expect(await findForbidden(files, true)).toEqual(listed(files));
});
