import { type CommandResult, runCommand } from '../harness/commandLine';
import { describeOnDatabases } from '../harness/databases';
import { interruptAt, runInTerminal, typeAhead, typeCount, typeReason } from '../harness/terminal';
import { type OperationGateway, startOperationGateway } from '../operations/harness';

interface Printed {
  id: string;
  status: string;
  counts: Record<string, number>;
  undoOf: { id: string } | null;
}

// The command line uses the public API only, which other tests run on every database.
describeOnDatabases(['embedded'], 'switchyard move', database => {
  let gateway: OperationGateway;
  let environment: Record<string, string>;
  let deploymentId: string;
  const run = (...words: string[]): Promise<CommandResult> => runCommand(words, environment);
  const move = (...words: string[]) => run('move', 'scheduled', '--reason', 'a test', ...words);
  const printed = ({ stdout }: CommandResult): Printed => JSON.parse(stdout) as Printed;
  beforeAll(async () => {
    gateway = await startOperationGateway(database.url);
    environment = { SWITCHYARD_URL: gateway.url };
  }, 60_000);
  beforeEach(async () => {
    await gateway.clear();
    deploymentId = await gateway.createDeployment();
    await gateway.createRuns(3, { type: 'FAILED' }, { deploymentId });
    await gateway.createRuns(2, { type: 'SCHEDULED' });
  });
  afterAll(() => gateway?.close());

  test('moves nothing without a terminal and without --yes, or with another count than expected', async () => {
    const asked = await move('--state', 'FAILED');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('--yes: is required without a terminal');
    const other = await move('--state', 'FAILED', '--yes', '--expect', '4');
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toContain('--expect: 3 runs match, not 4. No run was moved.');
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
  });

  test('rejects a move, a retry and an undo without a reason alike where there is no terminal to ask in, and with --yes', async () => {
    const id = '0199c0de-0000-7000-8000-000000000001';
    const commands = [
      ['move', 'scheduled', '--state', 'FAILED'],
      ['operations', 'retry', id],
      ['operations', 'undo', id],
    ];
    for (const command of commands) {
      const [neither, confirmed] = await Promise.all([run(...command), run(...command, '--yes')]);
      expect([neither, confirmed]).toMatchObject([
        { code: 2, stdout: '' },
        { code: 2, stdout: '' },
      ]);
      expect(neither.stderr).toContain('--reason "..." and --yes: are required without a terminal.');
      expect(confirmed.stderr).toContain('--reason "...": is required with --yes. Nothing was sent.');
    }
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
  });

  test('asks for the reason of a move and of its undo in a terminal, and records it', async () => {
    const reasonOfNewest = async (): Promise<string> =>
      (
        JSON.parse((await run('operations', 'list', '--limit', '1', '-o', 'json')).stdout) as {
          reason: string;
        }[]
      )[0]?.reason ?? '';
    const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--no-wait'];
    const none = await runInTerminal(words, environment, typeReason(' '));
    expect(none).toMatchObject({ code: 1 });
    expect(none.output).toContain('an operation needs a reason: no run was moved');
    const moved = await runInTerminal(words, environment, typeReason('the disk was full'), typeCount(3));
    const id = /operations watch ([\da-f-]{36})/.exec(moved.output)?.[1] ?? '';
    await gateway.ended(id);
    expect(await reasonOfNewest()).toBe('the disk was full');
    const undo = ['operations', 'undo', id];
    const undone = await runInTerminal(undo, environment, typeReason('wrong flow'), typeCount(3));
    expect(undone.code).toBe(0);
    expect(await reasonOfNewest()).toBe('wrong flow');
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
  });

  test('starts no retry where no run was declined', async () => {
    const moved = await move('--state', 'FAILED', '--yes', '--no-wait');
    const id = moved.stdout.trim();
    await gateway.ended(id);
    const retried = await run('operations', 'retry', id, '--reason', 'again', '--yes');
    expect(retried).toEqual({
      code: 0,
      stdout: '',
      stderr: `No run is there to retry. Its outcomes: switchyard operations show ${id}\n`,
    });
    const listed = await run('operations', 'list', '-o', 'name');
    expect(listed.stdout).toBe(`${id}\n`);
  });

  test('ends a dry run after the plan, with the outcomes by status and code', async () => {
    const { code, stdout } = await move('--all', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('PLANNED');
    expect(stdout).toMatch(/DECISION +RUNS +CODE/);
    expect(stdout).toMatch(/ACCEPT +5/);
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
  });

  test('moves the planned runs, and undoes that', async () => {
    const moved = await move('--state', 'FAILED', '--yes', '--expect', '3', '-o', 'json');
    expect(moved.code).toBe(0);
    expect(printed(moved)).toMatchObject({ status: 'COMPLETED', counts: { matched: 3, accepted: 3 } });
    expect(moved.stderr).toContain('3 runs match');
    expect(await gateway.stateTypes()).toEqual({ SCHEDULED: 5 });
    const { id } = printed(moved);
    expect(moved.stderr).toContain(`Started operation ${id}.`);
    expect(moved.stderr).toMatch(
      new RegExp(`Ended after [\\d.]+ s\\. Undo it: switchyard operations undo ${id}\n$`),
    );
    const undone = await run('operations', 'undo', id, '--reason', 'wrong', '--yes', '-o', 'json');
    expect(undone.code).toBe(0);
    expect(printed(undone)).toMatchObject({ status: 'COMPLETED', undoOf: { id } });
    expect(undone.stderr).toContain(`Started operation ${printed(undone).id}.`);
    expect(undone.stderr).toMatch(/Ended after [\d.]+ s\.\n$/);
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
    // Typed only if it is asked for, so that the command ends in any case.
    const typed = [typeReason('again'), typeCount(3)];
    const again = await runInTerminal(['operations', 'undo', id], environment, ...typed);
    expect(again.code).toBe(1);
    expect(again.output).toContain('ALREADY_UNDONE');
    expect(again.output).toContain(printed(undone).id);
    expect(again.output).not.toContain('runs are there');
  });

  test('gives the new state the reason as its message, shown before the start, or another one, or none', async () => {
    const messages = async () => {
      const { flowRuns } = await gateway.ask<{
        flowRuns: { nodes: { state: { message: string | null } }[] };
      }>('query ($filter: FlowRunFilter) { flowRuns(filter: $filter) { nodes { state { message } } } }', {
        filter: { deployment: { id: { any: [deploymentId] } } },
      });
      return new Set(flowRuns.nodes.map(({ state }) => state.message));
    };
    const byDefault = await move('--state', 'FAILED', '--yes');
    expect(byDefault.stderr).toContain('The message of the new state: a test\n');
    expect(await messages()).toEqual(new Set(['a test']));
    const move2 = (...words: string[]) =>
      run('move', 'CANCELLED', '--deployment', deploymentId, '--reason', 'x', ...words);
    const planned = printed(await move2('--message', 'See ticket 7', '--dry-run', '-o', 'json'));
    expect(planned).toMatchObject({ state: { message: 'See ticket 7' } });
    const none = await move2('--message', '', '--yes');
    expect(none).toMatchObject({ code: 0 });
    expect(none.stderr).not.toContain('The message of the new state');
    expect(await messages()).toEqual(new Set([null]));
    const dry = await run('move', 'SCHEDULED', '--deployment', deploymentId, '--dry-run', '-o', 'json');
    expect(printed(dry)).toMatchObject({ state: { message: null } });
  });

  test('says before the start how long it takes at least at the given rate, and nothing of the time without one', async () => {
    const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--reason', 'a test'];
    const paced = await runInTerminal([...words, '--rate', '2'], environment, typeCount(2));
    expect(paced.output).toContain('At 2 runs per second it takes at least 2 s.');
    const free = await runInTerminal(words, environment, typeCount(2));
    expect(free.output).not.toContain('at least');
  });

  test('exits with 5 if runs were not accepted, and retries only those', async () => {
    await gateway.createRuns(2, { type: 'FAILED' });
    const moved = await move('--state', 'FAILED', '--yes', '-o', 'json');
    expect(moved.code).toBe(5);
    const { id, counts } = printed(moved);
    expect(counts).toMatchObject({ matched: 5, accepted: 3, aborted: 2 });
    const retried = await run('operations', 'retry', id, '--reason', 'again', '--yes', '--expect', '2');
    expect(retried.code).toBe(5);
    expect(retried.stdout).toContain(id);
    // It moved no run, so that there is nothing to undo.
    expect(retried.stderr).toMatch(/Ended after [\d.]+ s\.\n$/);
  });

  test('retries with the brakes of the ended operation, except for those that are given', async () => {
    await gateway.createRuns(2, { type: 'FAILED' });
    const brakes = ['--rate', '900', '--pause-above', '1'];
    const moved = await move('--state', 'FAILED', '--yes', '-o', 'json', ...brakes);
    const { id } = printed(moved);
    const others = ['--rate', 'none', '--canary', '1', '--no-wait'];
    const again = await run('operations', 'retry', id, '--reason', 'again', '--yes', ...others);
    expect(again).toMatchObject({ code: 0 });
    const retryId = again.stdout.trim();
    await gateway.becomes(retryId, 'PAUSED');
    const { bulkOperation } = await gateway.ask<{ bulkOperation: Record<string, unknown> }>(
      'query ($id: ID!) { bulkOperation(id: $id) { runsPerSecond canary pauseAboveFailureRatio } }',
      { id: retryId },
    );
    expect(bulkOperation).toEqual({ runsPerSecond: null, canary: 1, pauseAboveFailureRatio: 1 });
  });

  test('rejects flows and deployments that do not exist, also beside one that exists', async () => {
    const other = ['--deployment', 'deployment', '--deployment', 'deploymet', '--flow', 'Load-order'];
    for (const mode of ['--yes', '--dry-run']) {
      const result = await move(...other, mode);
      expect(result).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'switchyard: There is no flow Load-order.\nThere is no deployment deploymet.\n',
      });
    }
    const ids = ['--deployment', 'deployment', '--flow', '0199c0de-0000-7000-8000-000000000001'];
    expect(await move(...ids, '--yes')).toMatchObject({ code: 0, stdout: '' });
    expect(printed(await move('--deployment', 'deployment', '--yes', '-o', 'json')).counts.matched).toBe(3);
  });

  test('rejects a plan of every run without --all, as the gateway does', async () => {
    const result = await move('--dry-run');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('EMPTY_FILTER');
    expect(result.stderr).toContain('Add a condition such as --flow, or --all.');
  });

  test('starts an operation without waiting; it is watched, given another rate, cancelled and listed', async () => {
    const started = await move('--state', 'FAILED', '--yes', '--rate', '1', '--canary', '1', '--no-wait');
    const id = started.stdout.trim();
    await gateway.becomes(id, 'PAUSED');
    const watched = await run('operations', 'watch', id);
    expect(watched.code).toBe(5);
    expect(watched.stderr).toContain('PAUSED (CANARY)');
    const advice = `Resume: switchyard operations resume ${id}`;
    expect(watched.stderr).toContain(advice);
    expect((await run('operations', 'show', id)).stderr).toContain(advice);
    expect(await run('operations', 'rate', id, 'none')).toMatchObject({ code: 0 });
    const cancelled = await run('operations', 'cancel', id, '-o', 'json');
    expect(cancelled.stdout).toContain('"status": "CANCELLED"');
    const refused = await run('operations', 'pause', id);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('ALREADY_ENDED');
    const listed = await run('operations', 'list', '--status', 'cancelled', '-o', 'name');
    expect(listed.stdout).toBe(`${id}\n`);
  });

  test.each([80, 40])(
    'asks for the count in a terminal of %i columns, and moves only if it is typed',
    async columns => {
      const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--reason', 'a test'];
      const wrong = await runInTerminal(words, { ...environment, COLUMNS: String(columns) }, typeCount(2));
      expect(wrong.output).toContain('Type the number of runs, 3');
      expect(wrong.output).toContain('"2" is not 3: no run was moved');
      expect(wrong.code).toBe(1);
      expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
      const right = await runInTerminal(words, { ...environment, COLUMNS: String(columns) }, typeCount(3));
      expect(right.code).toBe(0);
      expect(await gateway.stateTypes()).toEqual({ SCHEDULED: 5 });
    },
  );

  test.each(['3\n', '3', '3\n3\n'])(
    'does not take %j that was typed before the count is asked for as the count',
    async early => {
      const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--reason', 'a test'];
      const enter = { at: /Type the number of runs/, text: '\n' };
      const moved = await runInTerminal(words, environment, typeAhead(early), enter);
      expect(moved.output).toContain('"" is not 3: no run was moved');
      expect(moved.code).toBe(1);
      expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
    },
  );

  test('starts a move and its undo by the count that is typed once it is asked for, whatever was typed before', async () => {
    const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--reason', 'a test'];
    const moved = await runInTerminal(words, environment, typeAhead('2\n'), typeCount(3));
    expect(moved.code).toBe(0);
    expect(await gateway.stateTypes()).toEqual({ SCHEDULED: 5 });
    const id = /Undo it: switchyard operations undo ([\da-f-]{36})/.exec(moved.output)?.[1] ?? '';
    const undo = ['operations', 'undo', id, '--reason', 'a test'];
    const undone = await runInTerminal(undo, environment, typeAhead('2'), typeCount(3));
    expect(undone.code).toBe(0);
    expect(await gateway.stateTypes()).toEqual({ FAILED: 3, SCHEDULED: 2 });
  });

  test('leaves the operation running on Ctrl-C, and prints how to follow or cancel it', async () => {
    const words = ['move', 'SCHEDULED', '--state', 'FAILED', '--reason', 'a test', '--yes', '--canary', '1'];
    const { code, output } = await runInTerminal(words, environment, interruptAt(/PAUSED \(CANARY\)/));
    expect(code).toBe(130);
    const id = /switchyard operations cancel ([\da-f-]{36})/.exec(output)?.[1] ?? '';
    expect(await gateway.operation(id)).toMatchObject({ status: 'PAUSED' });
  });
});
