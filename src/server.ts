import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import type { ExecutionArgs, execute, GraphQLSchema, parse, subscribe, validate } from 'graphql';
import { useServer as useWebSockets } from 'graphql-ws/use/ws';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { Services } from './app/services';
import {
  type Authenticate,
  createAuthenticator,
  isAuthenticationConfigured,
  isLoopbackHost,
  isSameOrigin,
} from './authentication';
import type { Config } from './config';
import { type Context, createContext } from './context';
import type { Logger } from './logging';
import {
  createMaskError,
  examples,
  graphiqlSettings,
  useBodyLimit,
  useErrorCodes,
  useIntrospectionSwitch,
  useJsonOnly,
  useLimits,
  useLoopbackHosts,
  useRequestId,
  useTimeout,
} from './plugins';
import { useHealth } from './plugins/useHealth';
import { useRest } from './plugins/useRest';
import { createRest } from './rest';
import { createSchema } from './schema';

/** What a server is made of. */
export interface ServerOptions {
  config: Config;
  services: Services;
  logger: Logger;
}

type Yoga = YogaServerInstance<Record<string, never>, Context>;

/** A server, and how to stop it. */
export interface GatewayServer {
  /** Listens, and answers the address. */
  listen(): Promise<{ host: string; port: number }>;
  /** Takes no new requests, waits for those in hand, at most so many seconds, and closes. */
  close(graceSeconds: number): Promise<void>;
}

function createGateway(
  { config, services, logger }: ServerOptions,
  schema: GraphQLSchema,
  authenticate: Authenticate,
): Yoga {
  return createYoga<Record<string, never>, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga's own check would answer every path that ends so, /api/health included.
    healthCheckEndpoint: '/livez',
    logging: false,
    cors: false,
    batching: false,
    multipart: false,
    maskedErrors: { maskError: createMaskError(logger) },
    ...graphiqlSettings(config.graphiql, examples),
    context: async ({ request }) =>
      createContext(
        services,
        await authenticate(request.headers.get('authorization')),
        request.headers.get('user-agent'),
      ),
    plugins: [
      useRequestId(),
      useLoopbackHosts(config),
      useHealth(services),
      useBodyLimit(config),
      useJsonOnly(),
      useRest(createRest(services, authenticate)),
      // A JSON POST cannot be forged by a page of another origin, so it needs no header beside its content type.
      useCSRFPrevention({ requestHeaders: ['content-type', 'x-graphql-yoga-csrf', 'accept'] }),
      useErrorCodes(),
      useLimits(config),
      useIntrospectionSwitch(config),
      useTimeout(config),
    ],
  });
}

/** What Yoga's plugins made of graphql's own functions, for one request. */
interface Enveloped {
  schema: GraphQLSchema;
  parse: typeof parse;
  validate: typeof validate;
  execute(args: ExecutionArgs): unknown;
  subscribe(args: ExecutionArgs): unknown;
  contextFactory(): unknown;
}

/** They travel with the request as its root value, which no resolver of this schema looks at. */
const envelopedOf = ({ rootValue }: ExecutionArgs): Enveloped => rootValue as Enveloped;

/** Serves the same schema over graphql-ws, with the same plugins, for those who watch. */
function serveWebSockets(httpServer: Server, gateway: Yoga, config: Config): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: config.maxBodyBytes });
  useWebSockets<{ authorization?: unknown; Authorization?: unknown }, { request: IncomingMessage }>(
    {
      execute: args => envelopedOf(args).execute(args) as ReturnType<typeof execute>,
      subscribe: args => envelopedOf(args).subscribe(args) as ReturnType<typeof subscribe>,
      onSubscribe: async ({ connectionParams, extra }, _id, { operationName, query, variables }) => {
        const header =
          connectionParams?.authorization ??
          connectionParams?.Authorization ??
          extra.request.headers.authorization;
        const headers = new Headers({ 'user-agent': extra.request.headers['user-agent'] ?? '' });
        if (typeof header === 'string') headers.set('authorization', header);
        const enveloped: Enveloped = gateway.getEnveloped({
          request: new Request('http://localhost/graphql', { headers }),
          params: { operationName, query, variables },
        });
        const document = enveloped.parse(query);
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) return [...errors];
        return {
          schema: enveloped.schema,
          document,
          operationName,
          variableValues: variables,
          contextValue: await enveloped.contextFactory(),
          rootValue: enveloped,
        };
      },
    },
    sockets,
  );
  httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { host, origin } = request.headers;
    const isMeant = isAuthenticationConfigured(config) || isLoopbackHost(host);
    if (
      !isMeant ||
      !isSameOrigin(origin, host) ||
      new URL(request.url ?? '/', 'http://localhost').pathname !== '/graphql'
    ) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, webSocket => sockets.emit('connection', webSocket, request));
  });
  return sockets;
}

/** Puts together the whole server: GraphQL over HTTP, server-sent events and WebSocket, REST, and health. */
export function createServer(options: ServerOptions): GatewayServer {
  const { config } = options;
  const authenticate = createAuthenticator(config);
  const gateway = createGateway(options, createSchema(), authenticate);
  const httpServer = createHttpServer((request, response) => void gateway(request, response));
  const sockets = serveWebSockets(httpServer, gateway, config);
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        httpServer.once('error', reject);
        httpServer.listen(config.port, config.host, () => {
          const address = httpServer.address();
          resolve({
            host: config.host,
            port: typeof address === 'object' && address !== null ? address.port : config.port,
          });
        });
      }),
    async close(graceSeconds) {
      const closed = new Promise<void>(resolve => httpServer.close(() => resolve()));
      for (const socket of sockets.clients) socket.close(1001, 'The gateway is stopping.');
      httpServer.closeIdleConnections();
      const timer = setTimeout(() => httpServer.closeAllConnections(), graceSeconds * 1000);
      await closed;
      clearTimeout(timer);
      await gateway.dispose();
    },
  };
}
