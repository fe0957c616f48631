import { spawn } from 'node:child_process';

/** Watches over a folder and the process that works in it. */
export interface Guard {
  /** Names the process to end when this one ends. It must lead a process group of its own. */
  watch(process: { readonly pid?: number | undefined }): void;
  /** Ends the process that is watched and removes the folder. */
  finish(): Promise<void>;
  /** Watches no longer: process and folder stay. */
  release(): Promise<void>;
}

// It reads until this process is gone, however it went: then the pipe ends. A Ctrl-C reaches it too.
const script = `
  trap '' INT TERM HUP
  while read -r line; do
    [ "$line" = release ] && exit
    group=$line
  done
  [ -n "$group" ] && kill -s KILL -- "-$group"
  rm -rf -- "$0" || { sleep 1; rm -rf -- "$0"; }
`;

/**
 * Makes sure that a process and its folder never outlive the test run, not even one that is killed: a small
 * shell waits beside it for its end.
 */
export function guardFolder(folder: string): Guard {
  const shell = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  const gone = new Promise<void>(resolve => shell.on('close', () => resolve()));
  const say = (last: string) => {
    shell.ref();
    shell.stdin.end(last);
    return gone;
  };
  return {
    watch: process => shell.stdin.write(`${process.pid ?? ''}\n`),
    finish: () => say(''),
    release: () => say('release\n'),
  };
}
