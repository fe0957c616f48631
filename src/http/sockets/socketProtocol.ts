import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type ExecutionArgs,
  type execute,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type parse,
  type subscribe,
  type validate,
} from 'graphql';
import { CloseCode, makeServer, type Server, type Context as SocketContext } from 'graphql-ws';
import type { YogaServerInstance } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import {
  type Actor,
  type Authenticate,
  type AuthenticationSettings,
  callerName,
  onExpiry,
} from '../../authentication';
import { SwitchyardError } from '../../domain/errors';
import type { Limiter } from '../../platform/limiter';
import type { RequestContext } from '../context';
import {
  findDocument,
  isPersistedQueryProbe,
  type TrustedDocumentSettings,
} from '../documents/trustedDocuments';
import type { MaskError } from '../errors/maskErrors';
import type { Authenticated } from '../plugins';
import { exactVariables } from './exactSocket';
import { closeCodes, closeSocket } from './socketTransport';

/** The sender of requests over a WebSocket, authenticated once when it connects. */
interface SocketCaller {
  readonly actor: Actor;
  /** The name under which the caller's sockets and subscriptions are counted. */
  readonly name: string;
}

/** The additional context of Yoga: the request and response of Node.js, or the caller of a WebSocket. */
export interface ServerContext extends Authenticated {
  readonly req?: IncomingMessage;
  readonly res?: ServerResponse;
  readonly caller?: string;
}

/** The gateway as a Yoga server. */
export type Yoga = YogaServerInstance<ServerContext, RequestContext>;

/** An open WebSocket. */
export interface SocketState {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Aborted when the socket is closed. */
  readonly gone: AbortSignal;
  /** The caller after `connection_init`; null before. */
  caller: SocketCaller | null;
  /** The number of queries and mutations in progress. */
  running: number;
  /** Called when none is in progress any more. */
  onIdle(): void;
}

/** The dependencies of the protocol. */
export interface SocketProtocolOptions {
  readonly gateway: Yoga;
  readonly config: AuthenticationSettings &
    TrustedDocumentSettings & {
      readonly maxSubscriptionsPerSocket: number;
      readonly socketInitSeconds: number;
    };
  readonly authenticate: Authenticate;
  readonly maskError: MaskError;
  /** Counts the sockets of each caller. */
  readonly sockets: Limiter;
}

/** graphql-js functions as Yoga's plugins wrapped them for one request. */
interface Enveloped {
  schema: ExecutionArgs['schema'];
  parse: typeof parse;
  validate: typeof validate;
  execute(args: ExecutionArgs): unknown;
  subscribe(args: ExecutionArgs): unknown;
  contextFactory(): unknown;
}

type ConnectionParams = { authorization?: unknown; Authorization?: unknown };
type Connection = SocketContext<ConnectionParams, SocketState>;

/** The root value carries these along a request; no resolver reads it. */
interface Running {
  enveloped: Enveloped;
  state: SocketState;
}

const runningOf = ({ rootValue }: ExecutionArgs): Running => rootValue as Running;

/** The credentials of `connection_init`, or of the handshake if a client can set headers. */
function authorizationOf({ connectionParams, extra }: Connection): string | null {
  const { authorization } = extra.request.headers;
  const sent = connectionParams?.authorization ?? connectionParams?.Authorization ?? authorization;
  return typeof sent === 'string' ? sent : null;
}

/** Closes the socket of a rejected caller with the reason. */
function reject({ socket }: SocketState, error: unknown): false {
  if (!(error instanceof SwitchyardError)) throw error;
  const code = error.code === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : closeCodes.tryAgainLater;
  closeSocket(socket, code, `${error.code}: ${error.message}`);
  return false;
}

/** An error without the extensions for HTTP. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...sent } = extensions ?? {};
  return { ...rest, extensions: sent };
}

/**
 * The text of a message. A query by its hash gets an empty query: the protocol rejects messages without a query and
 * would close the socket.
 */
export function withQuery(text: string): string {
  if (!text.includes('"persistedQuery"')) return text;
  try {
    const message = JSON.parse(text) as { payload?: unknown } | null;
    const payload = message?.payload;
    if (typeof payload !== 'object' || payload === null || !isPersistedQueryProbe(payload)) return text;
    return JSON.stringify({ ...message, payload: { ...payload, query: '' } });
  } catch {
    return text;
  }
}

/** Executes a query or mutation and counts it as in progress. */
async function executeCounted(args: ExecutionArgs): Promise<unknown> {
  const { enveloped, state } = runningOf(args);
  state.running++;
  try {
    return await enveloped.execute(args);
  } finally {
    state.running--;
    // After the result is sent, which the following microtasks do.
    if (state.running === 0) setImmediate(() => state.running === 0 && state.onIdle());
  }
}

/** How long the id of an operation may be: it is repeated in each message about it. */
const maxIdLength = 255;

/** Creates the graphql-ws protocol over Yoga. The same plugins as over HTTP apply. */
export function createSocketProtocol(options: SocketProtocolOptions): Server<SocketState> {
  const { gateway, config, authenticate, maskError, sockets } = options;

  async function connect(connection: Connection): Promise<boolean> {
    const { extra: state } = connection;
    const { socket, request } = state;
    const actor = await authenticate(authorizationOf(connection));
    // It may have closed in the meantime and would not be released then.
    if (socket.readyState !== socket.OPEN) return false;
    const name = callerName(config, actor, request.socket.remoteAddress);
    const release = sockets.acquire(name);
    if (release === null) {
      closeSocket(
        socket,
        closeCodes.tryAgainLater,
        `UNAVAILABLE: ${name} has MAX_SOCKETS_PER_CALLER WebSockets open.`,
      );
      return false;
    }
    const stopWaiting = onExpiry(actor, () =>
      closeSocket(
        socket,
        CloseCode.Forbidden,
        'UNAUTHENTICATED: The token has expired. Connect with a new one.',
      ),
    );
    socket.once('close', () => {
      release();
      stopWaiting();
    });
    state.caller = { actor, name };
    return true;
  }

  async function prepare(
    { extra: state }: Connection,
    params: {
      operationName?: string | null;
      query: string;
      variables?: Record<string, unknown> | null;
      extensions?: Record<string, unknown> | null;
    },
  ): Promise<ExecutionArgs | GraphQLError[]> {
    const { operationName, variables } = params;
    const query = findDocument(params, config);
    const userAgent = state.request.headers['user-agent'] ?? '';
    const enveloped: Enveloped = gateway.getEnveloped({
      request: new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'user-agent': userAgent },
        signal: state.gone,
      }),
      params: { ...params, query },
      ...(state.caller && { actor: state.caller.actor, caller: state.caller.name }),
    });
    const document = enveloped.parse(query);
    const errors = enveloped.validate(enveloped.schema, document);
    if (errors.length > 0) return errors.map(maskError);
    return {
      schema: enveloped.schema,
      document,
      operationName: operationName ?? null,
      variableValues: exactVariables(variables) ?? null,
      contextValue: await enveloped.contextFactory(),
      rootValue: { enveloped, state } satisfies Running,
    };
  }

  const tooMany = new GraphQLError(
    `A WebSocket may have ${config.maxSubscriptionsPerSocket} subscriptions, queries and mutations in progress ` +
      '(MAX_SUBSCRIPTIONS_PER_SOCKET). Complete one first, or open another WebSocket.',
    { extensions: { code: 'UNAVAILABLE' } },
  );

  return makeServer<ConnectionParams, SocketState>({
    connectionInitWaitTimeout: config.socketInitSeconds * 1000,
    execute: args => executeCounted(args) as ReturnType<typeof execute>,
    subscribe: args => runningOf(args).enveloped.subscribe(args) as ReturnType<typeof subscribe>,
    onConnect: connection => connect(connection).catch((error: unknown) => reject(connection.extra, error)),
    async onSubscribe(connection, id, payload) {
      if (id.length > maxIdLength) {
        const reason = `subscribe: id must have at most ${maxIdLength} characters (got ${id.length})`;
        closeSocket(connection.extra.socket, CloseCode.BadRequest, reason);
        return [];
      }
      if (Object.keys(connection.subscriptions).length > config.maxSubscriptionsPerSocket) return [tooMany];
      return prepare(connection, payload).catch((error: unknown) => [maskError(error)]);
    },
    onError: (_connection, _id, _payload, errors) => errors.map(formatted),
    onNext: (_connection, _id, _payload, _args, { errors, ...result }): FormattedExecutionResult => ({
      ...result,
      ...(errors && { errors: errors.map(formatted) }),
    }),
  });
}
