import {
  type ExecutionArgs,
  type execute,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type parse,
  type subscribe,
  type validate,
} from 'graphql';
import { CloseCode, type Context as SocketContext } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../authentication';
import type { Context } from '../context';
import { SwitchyardError } from '../domain/errors';
import type { Authenticated, MaskError } from '../plugins';
import { ExactSocket, exactVariables } from './exactSocket';

/** The gateway as Yoga makes it. */
export type Yoga = YogaServerInstance<Authenticated, Context>;

/** What WebSockets are served with. */
export interface WebSocketOptions {
  gateway: Yoga;
  config: { readonly maxBodyBytes: number };
  authenticate: Authenticate;
  maskError: MaskError;
}

/** What Yoga's plugins made of graphql's own functions, for one request. */
interface Enveloped {
  schema: ExecutionArgs['schema'];
  parse: typeof parse;
  validate: typeof validate;
  execute(args: ExecutionArgs): unknown;
  subscribe(args: ExecutionArgs): unknown;
  contextFactory(): unknown;
}

type ConnectionParams = { authorization?: unknown; Authorization?: unknown };
type Connection = SocketContext<ConnectionParams, Extra>;

/** They travel with the request as its root value, which no resolver of this schema looks at. */
const envelopedOf = ({ rootValue }: ExecutionArgs): Enveloped => rootValue as Enveloped;

/** Who is calling: said in `connection_init`, or in the request's own header where a client can set one. */
function authorizationOf({ connectionParams, extra }: Connection): string | null {
  const { authorization } = extra.request.headers;
  const said = connectionParams?.authorization ?? connectionParams?.Authorization ?? authorization;
  return typeof said === 'string' ? said : null;
}

const tryAgainLater = 1013;

/** Closes the socket of a caller who may not come in, and says why. */
function turnAway({ extra }: Connection, error: unknown): false {
  if (!(error instanceof SwitchyardError)) throw error;
  extra.socket.close(
    error.code === 'UNAUTHENTICATED' ? CloseCode.Unauthorized : tryAgainLater,
    `${error.code}: ${error.message}`.slice(0, 120),
  );
  return false;
}

/** An error as it is sent: without what only an answer over HTTP needs. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = error.toJSON();
  const { http: _http, ...sent } = extensions ?? {};
  return { ...rest, extensions: sent };
}

/** Serves the same schema over graphql-ws, with the same plugins, for those who watch. */
export function serveWebSockets(options: WebSocketOptions): WebSocketServer {
  const { gateway, config, authenticate, maskError } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: config.maxBodyBytes,
    WebSocket: ExactSocket,
  });
  useServer<ConnectionParams>(
    {
      execute: args => envelopedOf(args).execute(args) as ReturnType<typeof execute>,
      subscribe: args => envelopedOf(args).subscribe(args) as ReturnType<typeof subscribe>,
      async onConnect(connection) {
        try {
          await authenticate(authorizationOf(connection));
          return true;
        } catch (error) {
          return turnAway(connection, error);
        }
      },
      async onSubscribe(connection, _id, { operationName, query, variables }) {
        const headers = new Headers({ 'user-agent': connection.extra.request.headers['user-agent'] ?? '' });
        const authorization = authorizationOf(connection);
        if (authorization !== null) headers.set('authorization', authorization);
        const enveloped: Enveloped = gateway.getEnveloped({
          request: new Request('http://localhost/graphql', { headers }),
          params: { operationName, query, variables },
        });
        try {
          const document = enveloped.parse(query);
          const errors = enveloped.validate(enveloped.schema, document);
          if (errors.length > 0) return errors.map(maskError);
          return {
            schema: enveloped.schema,
            document,
            operationName,
            variableValues: exactVariables(variables),
            contextValue: await enveloped.contextFactory(),
            rootValue: enveloped,
          };
        } catch (error) {
          return [maskError(error)];
        }
      },
      onError: (_connection, _id, _payload, errors) => errors.map(formatted),
      onNext: (_connection, _id, _payload, _args, { errors, ...result }): FormattedExecutionResult => ({
        ...result,
        ...(errors && { errors: errors.map(formatted) }),
      }),
    },
    sockets,
  );
  return sockets;
}
