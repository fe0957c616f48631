import { WebSocket } from 'ws';

/** A session with the inspector of a JavaScript engine: of a page, or of a process. */
export interface InspectorSession {
  send(method: 'HeapProfiler.collectGarbage'): Promise<unknown>;
  send(method: 'Runtime.getHeapUsage'): Promise<{ usedSize: number }>;
}

interface Response {
  readonly id?: number;
  readonly result?: { usedSize: number };
}

/** Connects to the inspector of a process that was started with --inspect. */
export async function inspectProcess(port: number): Promise<InspectorSession & { close(): void }> {
  const listed = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = (await listed.json()) as { webSocketDebuggerUrl: string }[];
  if (!target) throw new Error(`nothing can be inspected at port ${port}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let calls = 0;
  return {
    send(method) {
      calls += 1;
      const id = calls;
      return new Promise<{ usedSize: number }>((resolve, reject) => {
        const onMessage = (message: Buffer) => {
          const response = JSON.parse(message.toString()) as Response;
          if (response.id !== id) return;
          socket.off('message', onMessage);
          if (response.result) resolve(response.result);
          else reject(new Error(`${method}: ${message.toString()}`));
        };
        socket.on('message', onMessage);
        socket.send(JSON.stringify({ id, method }));
      });
    },
    close: () => socket.close(),
  };
}

/** What a heap holds after a garbage collection. */
export async function heapMegabytes(session: InspectorSession): Promise<number> {
  // The second collection frees what the finalizers of the first let go of.
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize / 1024 ** 2;
}
