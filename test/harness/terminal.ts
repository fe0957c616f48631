import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLine, root } from './commandLine';

/** What a command showed in a terminal, and its exit code. */
interface TerminalResult {
  readonly code: number | null;
  readonly output: string;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** What is typed once the terminal shows something; with null, at once. */
interface Typing {
  readonly at: RegExp | null;
  readonly text: string;
}

/** Types the number of runs where it is asked for. */
export const typeCount = (count: number): Typing => ({ at: /Type the number of runs/, text: `${count}\n` });

/** Types the reason of an operation where it is asked for. */
export const typeReason = (reason: string): Typing => ({ at: /Why\?/, text: `${reason}\n` });

/** Types a text before the command shows anything. */
export const typeAhead = (text: string): Typing => ({ at: null, text });

/** Types Ctrl-C once the terminal shows something. */
export const interruptAt = (at: RegExp): Typing => ({ at, text: '\u0003' });

/** Runs `switchyard` in a terminal of its own, by `script` of util-linux, and types texts, each of them once. */
export async function runInTerminal(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  ...typings: readonly Typing[]
): Promise<TerminalResult> {
  const command = [process.execPath, commandLine, ...words].map(quoted).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: 'pipe',
  });
  let output = '';
  const left = new Set(typings);
  const typeWhatIsDue = () => {
    for (const typing of left) {
      if (typing.at?.test(output) === false) continue;
      left.delete(typing);
      child.stdin.write(typing.text);
    }
  };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    typeWhatIsDue();
  });
  typeWhatIsDue();
  await once(child, 'close');
  return { code: child.exitCode, output };
}
