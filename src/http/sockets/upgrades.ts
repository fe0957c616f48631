import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import {
  type AuthenticationSettings,
  isAllowedOrigin,
  isAuthenticationConfigured,
  isLoopbackHost,
} from '../../authentication';
import { rejectSocket, type SocketRejection } from './rejectSocket';
import { parseTarget } from './requestTarget';

/** Whether a request asks for a WebSocket and no other protocol. */
export const isWebSocketUpgrade = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

const upgradeHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Rebuilds the bytes of a request without its upgrade to another protocol (such as `h2c`), which a server may ignore.
 * Node.js stops parsing such a request as HTTP, so it must receive these bytes again.
 */
export function withoutUpgrade(request: IncomingMessage, head: Buffer): Buffer {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!upgradeHeaders.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]);
}

const rejection = (status: number, code: SocketRejection['code'], message: string): SocketRejection => ({
  status,
  code,
  message,
});

/** Who may open a WebSocket. */
interface UpgradeSettings extends AuthenticationSettings {
  readonly allowedOrigins: readonly string[];
}

/** Why a WebSocket is rejected; null if it is accepted. */
function problemOf(request: IncomingMessage, settings: UpgradeSettings): SocketRejection | null {
  const { host, origin } = request.headers;
  const target = parseTarget(request);
  if (!(target instanceof URL)) return rejection(400, 'BAD_USER_INPUT', target.message);
  if (!isAuthenticationConfigured(settings) && !isLoopbackHost(host))
    return rejection(421, 'FORBIDDEN', 'Without API_KEYS or JWKS_URL, the Host header must name localhost.');
  if (target.pathname !== '/graphql')
    return rejection(404, 'NOT_FOUND', 'WebSockets are served at /graphql.');
  if (!isAllowedOrigin(origin, host, settings.allowedOrigins)) {
    return rejection(
      403,
      'FORBIDDEN',
      'A page of another origin may not open a WebSocket, unless ALLOWED_ORIGINS names its origin.',
    );
  }
  return null;
}

/** Creates the function that opens WebSockets on sockets whose client requests one. */
export const createUpgrade =
  (sockets: WebSocketServer, settings: UpgradeSettings) =>
  (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const problem = problemOf(request, settings);
    if (problem === null)
      sockets.handleUpgrade(request, socket, head, webSocket =>
        sockets.emit('connection', webSocket, request),
      );
    else rejectSocket(socket, problem);
  };
