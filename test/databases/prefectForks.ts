import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { lastLines } from './commands';
import { type PrefectProgram, prefectEnvironment } from './prefect';

/** A command of Prefect to run in a process of its own. */
export interface PrefectCommand {
  /** As on its command line, without `prefect`. */
  words: readonly string[];
  /** Set on top of the environment of this process. */
  environment: Readonly<Record<string, string>>;
  /** Where it runs. */
  folder: string;
  /** The file to which its output is appended. */
  log: string;
}

/** A process that has loaded Prefect, of which each server is a copy: to load it takes five seconds of a processor. */
export interface PrefectForks {
  /** Starts a command, and returns its process id: it leads a process group of its own. */
  fork(command: PrefectCommand): Promise<number>;
  /** Ends the process that has loaded Prefect; its copies stay. */
  stop(): void;
}

// The settings that Prefect read as it loaded are read again in the copy, and what it loads at its first use is loaded before.
// The garbage collector would go over all that the modules make again and again.
const program = `
import gc
gc.disable()
import json, os, random, runpy, signal, sys
import prefect.cli.server, prefect.cli._server_utils, prefect.context, prefect.server.api.server
gc.collect()
gc.freeze()

def run(command):
    os.chdir(command['folder'])
    log = os.open(command['log'], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target, source in (0, os.open(os.devnull, os.O_RDONLY)), (1, log), (2, log):
        os.dup2(source, target)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    random.seed()
    os.environ.update(command['environment'])
    sys.argv = ['prefect', *command['words']]
    prefect.context.refresh_global_settings_context()
    gc.enable()
    runpy.run_module('prefect', run_name='__main__', alter_sys=True)

# Copies that have ended leave nothing to wait for.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        run(json.loads(line))
        sys.exit()
    try:
        # The copy does the same: whichever is first, its group is there before its id is known.
        os.setpgid(pid, pid)
    except OSError:
        pass
    print(pid, flush=True)
`;

/** Starts the process that loads Prefect; it ends with this one. */
export function loadPrefect({ python, packages, database }: PrefectProgram, home: string): PrefectForks {
  const child = spawn(python, ['-c', program], {
    // A Ctrl-C in the terminal reaches this process, which ends it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...prefectEnvironment({ packages, home, database }) },
  });
  const waiting: { resolve(pid: number): void; reject(error: Error): void }[] = [];
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', pid => {
    waiting.shift()?.resolve(Number(pid));
    if (waiting.length === 0) setReferenced(child, false);
  });
  const fail = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  // Its end says more than what could not be written to it.
  child.stdin.on('error', () => undefined);
  child.on('error', fail);
  child.on('close', code =>
    fail(new Error(`Prefect could not be loaded (${String(code)}):\n${lastLines(printed)}`)),
  );
  setReferenced(child, false);

  return {
    fork: command =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) throw new Error(`Prefect is not loaded:\n${lastLines(printed)}`);
        waiting.push({ resolve, reject });
        setReferenced(child, true);
        child.stdin.write(`${JSON.stringify(command)}\n`);
      }),
    stop: () => void child.stdin.end(),
  };
}

/** Whether this process waits for another one before it ends by itself. */
function setReferenced(child: ChildProcess, referenced: boolean): void {
  const handles = [child, child.stdin, child.stdout, child.stderr] as unknown as NodeJS.Timeout[];
  for (const handle of handles) {
    if (referenced) handle.ref();
    else handle.unref();
  }
}
