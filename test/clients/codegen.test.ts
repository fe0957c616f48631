import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@urql/core';
import { builtFile } from '../harness/builtFile';
import { describeOnDatabases } from '../harness/databases';
import { shared } from '../harness/shared';
import { createUrqlClient } from './examples/urql';
import { startKeyedGateway } from './keyedGateway';

const root = join(__dirname, '../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** The printed code. */
interface Printed {
  failedRuns(client: Client, flow: string): AsyncGenerator<{ id: string }>;
  rerunFailedRuns(client: Client, flow: string, reason: string): Promise<string>;
}

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  skipLibCheck: true,
  types: [],
};

const misuse = `import type { Client } from '@urql/core';
import { FailedRunsDocument } from './gql/graphql';

export async function misuse(client: Client): Promise<void> {
  const { data } = await client.query(FailedRunsDocument, { flow: 5 });
  data?.flowRuns.nodes[0]?.colour;
}
`;

/** Makes a project of the printed files, with a file beside them that misuses the generated types. */
async function makeProject() {
  const folder = await mkdtemp(join(tmpdir(), 'codegen-'));
  await cp(join(__dirname, 'codegen'), folder, { recursive: true });
  await cp(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  await writeFile(join(folder, 'misuse.ts'), misuse);
  const generation = [builtFile('test/clients/generateTypes.js'), folder];
  await promisify(execFile)(process.execPath, generation, { cwd: root });
  return { folder, close: () => rm(folder, { recursive: true }) };
}

/** Type checks a project, and returns each error as its file, line and code. */
const typeErrors = (folder: string): Promise<string[]> =>
  new Promise(resolve => {
    execFile(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder }, (_error, stdout) => {
      const errors = stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm);
      resolve(Array.from(errors, ([, file, line, code]) => `${file}:${line} ${code}`));
    });
  });

// How a client and the gateway understand each other is no matter of the database.
describeOnDatabases(['embedded'], 'graphql-codegen', database => {
  const gateway = shared(() => startKeyedGateway(database.url));
  const project = shared(makeProject);

  test('generates types that accept the printed code, and reject a wrong variable and an unknown field', async () => {
    expect(await typeErrors(project.folder)).toEqual(['misuse.ts:5 TS2322', 'misuse.ts:6 TS2339']);
  });

  test('generates documents with which the printed code reads all failed runs of a flow, and reruns them', async () => {
    const { failedRuns, rerunFailedRuns } = (await import(join(project.folder, 'failedRuns.ts'))) as Printed;
    const flowId = await gateway.seeding.createFlow('etl');
    const deploymentId = await gateway.seeding.createDeployment({ flowId, name: 'prod' });
    const failed = { flowId, deploymentId, state: { type: 'FAILED' } };
    const ids = await gateway.seeding.createFlowRuns(Array.from({ length: 25 }, () => failed));
    const client = createUrqlClient(gateway.url, gateway.key);

    const found: string[] = [];
    for await (const run of failedRuns(client, 'etl')) found.push(run.id);
    const id = await rerunFailedRuns(client, 'etl', 'a test');

    expect(found.sort()).toEqual([...ids].sort());
    const { bulkOperation } = await gateway.ask<{ bulkOperation: object }>(
      'query ($id: ID!) { bulkOperation(id: $id) { reason } }',
      { id },
    );
    expect(bulkOperation).toEqual({ reason: 'a test' });
    await expect(rerunFailedRuns(client, 'etl', '')).rejects.toThrow('reason');
  });
});
