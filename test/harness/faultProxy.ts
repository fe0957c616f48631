import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What happens to a request on its way to a server.
 *
 * - `refuse`: the connection is cut before the server receives it.
 * - `loseResponse`: the server carries it out, and the connection is cut in place of the response.
 * - `truncate`: the same, but half of the response arrives.
 * - `delay`: the response arrives late, by a number of milliseconds.
 * - `hold`: the server receives it late, by a number of milliseconds.
 * - `respond`: the server does not receive it, and this response arrives.
 */
export type HttpFault =
  | { kind: 'refuse' | 'loseResponse' | 'truncate' }
  | { kind: 'delay' | 'hold'; milliseconds: number }
  | { kind: 'respond'; status: number; headers?: OutgoingHttpHeaders; body?: string };

/** A request that has arrived, WebSockets included. */
interface SeenRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingMessage['headers'];
}

type Matches = (request: SeenRequest) => boolean;

/** A port that stands for a server over HTTP, and can let requests fail. */
export interface FaultProxy {
  /** The server's address by this port. */
  url: string;
  /** Every request that has arrived, oldest first. */
  seen: readonly SeenRequest[];
  /** How many connections have been opened so far. */
  connections(): number;
  /** Lets a fault happen to the next requests that match; once by default. Faults that were added first come first. */
  inject(fault: HttpFault, matches?: Matches, times?: number): void;
  /** Forgets all faults that have not happened. */
  clear(): void;
  /** Cuts all connections, WebSockets included; new ones are accepted. */
  cut(): void;
  /** Accepts no connection any more. */
  goDown(): Promise<void>;
  /** Accepts connections again, on the same port, if it does not. */
  comeUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a port whose requests go to a server. */
export async function startFaultProxy(serverUrl: string): Promise<FaultProxy> {
  const target = new URL(serverUrl);
  const seen: SeenRequest[] = [];
  const sockets = new Set<Duplex>();
  let planned: { fault: HttpFault; matches: Matches; left: number }[] = [];

  function takeFault(arrived: SeenRequest): HttpFault | null {
    const plan = planned.find(({ matches }) => matches(arrived));
    if (plan === undefined) return null;
    plan.left--;
    planned = planned.filter(({ left }) => left > 0);
    return plan.fault;
  }

  function arrive({ method = '', url: path = '', headers }: IncomingMessage): HttpFault | null {
    const arrived = { method, path, headers };
    seen.push(arrived);
    return takeFault(arrived);
  }

  const server = createServer((incoming, outgoing) => {
    const fault = arrive(incoming);
    carry(target, incoming, outgoing, fault).catch(() => incoming.socket.destroy());
  });
  let connections = 0;
  server.on('connection', socket => {
    connections++;
    track(sockets, socket);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket, head: Buffer) => {
    const fault = arrive(incoming);
    if (fault !== null) return respondToUpgrade(socket, fault);
    const onward = connect(Number(target.port), target.hostname);
    track(sockets, onward);
    onward.write(headOf(incoming));
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.port = String(port);

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  async function goDown(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  }
  return {
    url: url.href,
    seen,
    connections: () => connections,
    inject: (fault, matches = () => true, times = 1) => planned.push({ fault, matches, left: times }),
    clear() {
      planned = [];
    },
    cut,
    goDown,
    async comeUp() {
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: goDown,
  };
}

function track(sockets: Set<Duplex>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
}

/** Carries a request to the server and its response back, with a fault on the way. */
async function carry(
  target: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: HttpFault | null,
): Promise<void> {
  const body = Buffer.concat(await incoming.toArray());
  if (fault?.kind === 'refuse') return void incoming.socket.destroy();
  if (fault?.kind === 'respond') {
    outgoing.writeHead(fault.status, fault.headers).end(fault.body ?? '');
    return;
  }
  if (fault?.kind === 'hold') await sleep(fault.milliseconds);
  const { status, headers, content } = await forward(target, incoming, body);
  if (fault?.kind === 'loseResponse') return void incoming.socket.destroy();
  if (fault?.kind === 'delay') await sleep(fault.milliseconds);
  outgoing.writeHead(status, headers);
  if (fault?.kind !== 'truncate') return void outgoing.end(content);
  outgoing.write(content.subarray(0, Math.ceil(content.length / 2)), () => incoming.socket.destroy());
}

async function forward(target: URL, { method, url, headers }: IncomingMessage, body: Buffer) {
  const onward = request({
    host: target.hostname,
    port: target.port,
    method,
    path: url,
    headers,
    agent: false,
  });
  onward.end(body);
  const [response] = (await once(onward, 'response')) as [IncomingMessage];
  const content = Buffer.concat(await response.toArray());
  const { connection: _connection, 'transfer-encoding': _encoding, ...kept } = response.headers;
  return { status: response.statusCode ?? 502, headers: kept, content };
}

function respondToUpgrade(socket: Duplex, fault: HttpFault): void {
  if (fault.kind === 'respond') socket.end(`HTTP/1.1 ${fault.status} Fault\r\nContent-Length: 0\r\n\r\n`);
  else socket.destroy();
}

/** The head of a request as it was sent. */
function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
