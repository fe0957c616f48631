import { type ChildProcess, spawn } from 'node:child_process';

/** How an npm script ended. */
export interface Ending {
  succeeded: boolean;
  /** What it printed; empty where that was shown live. */
  output: string;
  seconds: number;
}

const running = new Set<ChildProcess>();

/** Runs a script of package.json; never throws. */
export function runScript(
  script: string,
  options: readonly string[],
  show: 'live' | 'at the end',
): Promise<Ending> {
  const start = performance.now();
  const output = show === 'live' ? 'inherit' : 'pipe';
  // A process group of its own: all that the script has started goes with it when the run is broken off.
  const child = spawn('npm', ['run', '--silent', script, '--', ...options], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  running.add(child);

  let printed = '';
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  return new Promise(settle => {
    const finish = (succeeded: boolean) => {
      running.delete(child);
      settle({ succeeded, output: printed, seconds: (performance.now() - start) / 1000 });
    };
    child.on('error', error => {
      printed += error.message;
      finish(false);
    });
    child.on('close', code => finish(code === 0));
  });
}

/** Ends every script that still runs. */
export function endScripts(): void {
  for (const { pid } of running) {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  }
}
