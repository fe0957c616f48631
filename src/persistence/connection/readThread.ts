import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { namedRow } from './namedRow';

/** A thread that reads an embedded file, over a connection of its own. */
export interface ReadThread {
  /**
   * Sends a statement that returns rows. Statements run one after the other.
   *
   * @throws an error of the driver; one of kind `connectionLost` where the thread ends first.
   */
  query(sql: string, parameters: readonly unknown[]): Promise<object[]>;
  close(): Promise<void>;
}

type Reply =
  | { names: readonly string[]; rows: readonly (readonly unknown[])[]; error?: undefined }
  | { error: { message: string; code?: unknown } };

interface Caller {
  resolve(rows: object[]): void;
  reject(error: Error): void;
}

const program = join(__dirname, 'readThreadProgram.js');

function settle({ resolve, reject }: Caller, reply: Reply): void {
  if (reply.error === undefined) resolve(reply.rows.map(namedRow(reply.names)));
  else reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }));
}

const ended = (cause?: unknown): Error =>
  Object.assign(new Error('the thread that reads the database has ended', { cause }), {
    code: 'SQLITE_IOERR',
  });

/** Makes a read thread. It starts with its first statement, and again with the next one where a fault ended it. */
export function createReadThread(path: string): ReadThread {
  let isClosed = false;
  let running: { worker: Worker; callers: Caller[] } | null = null;

  function start() {
    const worker = new Worker(program, { workerData: path });
    const callers: Caller[] = [];
    const end = (cause?: unknown): void => {
      if (running?.worker === worker) running = null;
      for (const { reject } of callers.splice(0)) reject(ended(cause));
    };
    worker.on('message', (reply: Reply) => {
      const caller = callers.shift();
      if (caller !== undefined) settle(caller, reply);
    });
    worker.on('error', end);
    worker.on('exit', () => end());
    return { worker, callers };
  }

  return {
    query(sql, parameters) {
      if (isClosed) return Promise.reject(ended());
      running ??= start();
      const { worker, callers } = running;
      return new Promise((resolve, reject) => {
        worker.postMessage({ sql, parameters });
        callers.push({ resolve, reject });
      });
    },
    async close() {
      isClosed = true;
      await running?.worker.terminate();
    },
  };
}
