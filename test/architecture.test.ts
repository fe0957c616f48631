import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Imports against the list of folders, by the file that would hold them. */
const forbidden: Record<string, readonly string[]> = {
  'src/domain/a.ts': [
    '../orchestration/b',
    '../transitions/b',
    '../platform/b',
    '../config/b',
    'typeorm',
    'graphql',
  ],
  'src/domain/deeper/a.ts': ['../../orchestration/b'],
  'src/platform/a.ts': ['../persistence/b', '../transitions/b', 'graphql'],
  'src/orchestration/a.ts': [
    '../persistence/b',
    '../transitions/b',
    '../platform/b',
    'typeorm',
    '@pothos/core',
    'bullmq',
  ],
  'src/orchestration/rules/a.ts': ['../../persistence/b'],
  'src/persistence/a.ts': [
    '../orchestration/b',
    '../transitions/b',
    '../http/b',
    '../operations/b',
    '../messaging/b',
    'graphql',
    'ioredis',
  ],
  'src/persistence/filter/a.ts': ['../../flowRuns/b'],
  'src/transitions/a.ts': [
    '../flowRuns/b',
    '../operations/b',
    '../http/b',
    'typeorm',
    'ioredis',
    'mysql2/promise',
    'graphql',
  ],
  'src/flowRuns/a.ts': ['../operations/b', '../background/b', '../http/b', 'typeorm', 'graphql'],
  'src/operations/a.ts': ['../flowRuns/b', '../background/b', '../http/b', 'typeorm', 'bullmq'],
  'src/background/a.ts': ['../orchestration/b', '../operations/b', '../http/b', 'typeorm', 'graphql'],
  'src/messaging/a.ts': ['../persistence/b', '../transitions/b', '../http/b', 'typeorm', 'graphql'],
  'src/authentication/a.ts': ['../transitions/b', '../config/b', 'graphql-yoga'],
  'src/http/graphql/a.ts': [
    '../../orchestration/b',
    '../../persistence/b',
    '../../background/b',
    'typeorm',
    'libsql',
    'ioredis',
  ],
  'src/http/rest/a.ts': ['../../persistence/b', 'mysql2'],
  'src/http/a.ts': ['../persistence/b', 'typeorm'],
  'src/http/context.ts': ['../persistence/b'],
  'src/http/plugins/a.ts': ['../../persistence/b'],
  'src/main.ts': ['graphql', 'typeorm', 'ioredis', '../test/b', '../bench/b'],
};

/** Imports along the list. */
const allowed: Record<string, readonly string[]> = {
  'src/domain/c.ts': ['./b', 'temporal-polyfill'],
  'src/orchestration/rules/c.ts': ['../rule', '../../domain/b'],
  'src/persistence/c.ts': [
    './filter/b',
    '../domain/b',
    '../platform/b',
    'typeorm',
    'mysql2/promise',
    'libsql',
  ],
  'src/transitions/c.ts': ['../orchestration/b', '../persistence/b', '../messaging/b', '../domain/b'],
  'src/flowRuns/c.ts': ['../transitions/b', '../persistence/b', '../domain/b'],
  'src/operations/worker/c.ts': ['../../transitions/b', '../../persistence/b', '../../orchestration/b'],
  'src/background/c.ts': ['./b', '../transitions/b', '../persistence/b', '../config/b', '../platform/b'],
  'src/messaging/c.ts': ['./b', '../domain/b', '../platform/b', 'ioredis', 'bullmq'],
  'src/http/graphql/c.ts': [
    '../../flowRuns/b',
    '../../operations/b',
    '../context',
    'graphql',
    '@pothos/core',
  ],
  'src/bootstrap.ts': ['./messaging/b', './persistence/b', './config/b'],
};

const root = resolve(__dirname, '..');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-architecture-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Violation {
  type: string;
  from: string;
  to: string;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text, { flag: 'a' });
}

/** What the project's own list says of files that hold nothing but these imports, as `file: import`. */
async function findForbidden(files: Record<string, readonly string[]>, typesOnly = false): Promise<string[]> {
  await copyFile(join(root, '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  const specifiersOf = new Map<string, string>();
  for (const [file, specifiers] of Object.entries(files)) {
    for (const [index, specifier] of specifiers.entries()) {
      await write(
        file,
        `import ${typesOnly ? 'type ' : ''}{ a${index} } from '${specifier}';\nexport { a${index} };\n`,
      );
      const target = specifier.startsWith('.') ? `${join(dirname(file), specifier)}.ts` : specifier;
      specifiersOf.set(`${file} ${target}`, specifier);
      if (specifier.startsWith('.')) await write(target, '');
    }
  }
  const { violations } = (JSON.parse(await cruise()) as { summary: { violations: Violation[] } }).summary;
  const lines = violations
    .filter(({ type }) => type === 'dependency')
    .map(({ from, to }) => `${from}: ${specifiersOf.get(`${from} ${to}`) ?? to}`);
  return [...new Set(lines)].sort();
}

function cruise(): Promise<string> {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const parameters = [program, 'src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  return new Promise(settle => {
    execFile(process.execPath, parameters, { cwd: folder, maxBuffer: 1e8 }, (_error, output) =>
      settle(output),
    );
  });
}

const listed = (files: Record<string, readonly string[]>): string[] =>
  Object.entries(files)
    .flatMap(([file, specifiers]) => specifiers.map(specifier => `${file}: ${specifier}`))
    .sort();

test('an import against the list of folders is reported', async () => {
  expect(await findForbidden(forbidden)).toEqual(listed(forbidden));
});

test('an import along the list of folders is not reported', async () => {
  expect(await findForbidden(allowed)).toEqual([]);
});

test('an import of types alone is reported as well', async () => {
  const files = { 'src/domain/a.ts': ['../orchestration/b'], 'src/transitions/a.ts': ['typeorm'] };

  expect(await findForbidden(files, true)).toEqual(listed(files));
});

test('the folder of plugins holds plugins only', async () => {
  const files = await readdir(join(root, 'src/http/plugins'));

  expect(files.filter(file => !/^use[A-Z]\w+\.ts$/.test(file))).toEqual(['index.ts']);
});
