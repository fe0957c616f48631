import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine, root } from './commandLine';

/** What a command showed in a terminal, and its exit code. */
interface TerminalResult {
  readonly code: number | null;
  readonly output: string;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const interrupt = '\u0003';

/**
 * Runs `switchyard` in a terminal of its own, by `script` of util-linux. Types a text once it asks for a number, and Ctrl-C
 * once it has shown `interruptAt`.
 */
export async function runInTerminal(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  typed: string,
  interruptAt?: RegExp,
): Promise<TerminalResult> {
  const command = [process.execPath, ...commandLine, ...words].map(quoted).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'pipe',
  });
  let output = '';
  const keys = [
    { at: /Type the number of runs/, text: typed },
    { at: interruptAt, text: interrupt },
  ];
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    for (const key of keys) {
      if (key.at === undefined || key.text === '' || !key.at.test(output)) continue;
      child.stdin.write(key.text);
      key.text = '';
    }
  });
  await once(child, 'close');
  return { code: child.exitCode, output };
}
