import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * What happens to one statement on its way to a server.
 *
 * - `cut`: the connection is cut before the server receives it.
 * - `loseResponse`: the server receives it, and the connection is cut in place of the response.
 * - `truncate`: the same, but a part of the response arrives.
 * - `delay`: it arrives half a second late.
 * - `silence`: nothing arrives any more on this connection, in either direction, and it stays open.
 */
export type Fault = 'cut' | 'loseResponse' | 'truncate' | 'delay' | 'silence';

/** A port that stands for a server's, and can be cut off from it. */
export interface Forwarder {
  /** The server's address by this port. */
  url: string;
  /** Breaks all connections, and takes no more. */
  cut(): Promise<void>;
  /** Leads connections made from now on to another server; those there are stay. */
  leadTo(serverUrl: string): void;
  /** Drops all connections without a word: they stay open, and nothing passes through them. */
  silence(): void;
  /** Lets a fault happen to a statement; 0: the next one. It happens once. */
  failStatement(after: number, fault: Fault): void;
  /** How many statements have passed so far. */
  statements(): number;
  /** How many milliseconds ago the last of them passed. */
  idleMilliseconds(): number;
}

const delayMilliseconds = 500;

/** Finds where commands begin in what a client of MySQL sends: packets with the sequence number 0. */
function createCommandCounter(): (chunk: Buffer) => number {
  let header = Buffer.alloc(0);
  let rest = 0;
  return chunk => {
    let commands = 0;
    let position = 0;
    while (position < chunk.length) {
      const body = Math.min(rest, chunk.length - position);
      position += body;
      rest -= body;
      if (rest > 0 || position >= chunk.length) break;
      const missing = 4 - header.length;
      header = Buffer.concat([header, chunk.subarray(position, position + missing)]);
      position += Math.min(missing, chunk.length - position);
      if (header.length < 4) break;
      rest = header.readUIntLE(0, 3);
      if (header[3] === 0) commands++;
      header = Buffer.alloc(0);
    }
    return commands;
  };
}

/** Opens a port whose connections go to a server. */
export async function forwardTo(serverUrl: string): Promise<Forwarder> {
  let target = new URL(serverUrl);
  let passed = 0;
  let lastPassed = performance.now();
  let planned: { at: number; fault: Fault } | null = null;
  const pairs = new Set<{ incoming: Socket; outgoing: Socket; isSilent: boolean }>();

  const server = createServer(incoming => {
    const outgoing = connect(Number(target.port), target.hostname);
    const pair = { incoming, outgoing, isSilent: false };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      incoming.destroy();
      outgoing.destroy();
    };
    const count = createCommandCounter();
    let pending: Fault | null = null;

    incoming.on('data', chunk => {
      if (pair.isSilent) return;
      const before = passed;
      passed += count(chunk);
      if (passed > before) lastPassed = performance.now();
      if (planned !== null && passed > planned.at && before <= planned.at) {
        pending = planned.fault;
        planned = null;
        if (pending === 'cut') return end();
        if (pending === 'silence') {
          pair.isSilent = true;
          return;
        }
        if (pending === 'delay') {
          setTimeout(() => outgoing.write(chunk), delayMilliseconds);
          return;
        }
      }
      outgoing.write(chunk);
    });
    outgoing.on('data', chunk => {
      if (pair.isSilent) return;
      if (pending === 'loseResponse') return end();
      if (pending === 'truncate') {
        incoming.end(chunk.subarray(0, Math.floor(chunk.length / 2)));
        outgoing.destroy();
        return;
      }
      incoming.write(chunk);
    });
    for (const socket of [incoming, outgoing]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (!pair.isSilent) end();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async cut() {
      const closed = once(server, 'close');
      server.close();
      for (const { incoming, outgoing } of pairs) {
        incoming.destroy();
        outgoing.destroy();
      }
      await closed;
    },
    leadTo(otherUrl) {
      target = new URL(otherUrl);
    },
    silence() {
      for (const pair of pairs) pair.isSilent = true;
    },
    failStatement(after, fault) {
      planned = { at: passed + after, fault };
    },
    statements: () => passed,
    idleMilliseconds: () => performance.now() - lastPassed,
  };
}
