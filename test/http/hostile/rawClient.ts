import { connect, type Socket } from 'node:net';
import type { HostileInput } from './inputs';

/** How a client ends, after it has sent its bytes. */
export const endings = ['read', 'half-close', 'reset', 'abandon'] as const;
type Ending = (typeof endings)[number];

/** A client that has received something reads on until nothing comes for so long. */
const quietMilliseconds = 150;

/** Opens a connection, and waits until it stands; null where it was not accepted. */
export function open(port: number): Promise<Socket | null> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('error', () => resolve(null));
    socket.once('connect', () => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Reads until the server closes, or is quiet, or sends nothing at all for `patienceMilliseconds`. */
export function readAll(socket: Socket, patienceMilliseconds: number): Promise<string> {
  return new Promise(resolve => {
    let received = '';
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(received);
    };
    let timer = setTimeout(finish, patienceMilliseconds);
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(finish, quietMilliseconds);
    });
    socket.once('end', finish);
    socket.once('close', finish);
  });
}

/**
 * Sends bytes part by part, each after a response to the one before, and ends as requested.
 *
 * @returns what was received; a socket that was abandoned is added to `abandoned`, unread.
 */
export async function play(
  port: number,
  { parts, statuses }: HostileInput,
  ending: Ending,
  abandoned: Socket[],
): Promise<string> {
  const patience = statuses === undefined ? 500 : 10_000;
  const socket = await open(port);
  if (socket === null) throw new Error('the server does not accept connections any more');
  for (const [index, part] of parts.entries()) {
    if (index > 0) await new Promise(resolve => socket.once('data', resolve).once('close', resolve));
    if (socket.writable) socket.write(part);
  }
  switch (ending) {
    case 'read':
      return readAll(socket, patience);
    case 'half-close':
      socket.end();
      return readAll(socket, patience);
    case 'reset':
      socket.resetAndDestroy();
      return '';
    case 'abandon':
      socket.pause();
      abandoned.push(socket);
      return '';
  }
}
