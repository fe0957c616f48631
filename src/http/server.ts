import { sendNodeResponse } from '@whatwg-node/server';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import {
  type Authenticate,
  callerName,
  createAuthenticator,
  createRefusalLog,
  type ReportRefusal,
} from '../authentication';
import type { Config } from '../config/config';
import type { Logger } from '../platform/logging';
import { toClientError } from '../transitions/databaseErrors';
import type { Services } from '../transitions/services';
import { createRequestContext, type RequestContext } from './context';
import { corsOptions } from './corsOptions';
import { createDocumentCache } from './documents/documentCache';
import { createMaskError, type MaskError } from './errors/maskErrors';
import { createSchema } from './graphql';
import {
  createOpenStreams,
  type OpenStreams,
  useAcceptedTypes,
  useAuthentication,
  useBodyEncoding,
  useBodyLimit,
  useCompression,
  useConsole,
  useErrorCodes,
  useExactNumbers,
  useExport,
  useGraphiqlPage,
  useGraphql,
  useHealth,
  useIntrospectionSwitch,
  useJsonBody,
  useJsonOnly,
  useLimits,
  useLoopbackHosts,
  useMutationLog,
  useNotAcceptable,
  useNotFoundPage,
  usePersistedQueries,
  useReadScope,
  useReadSource,
  useRequestId,
  useRest,
  useStreams,
  useSubscriptionLimit,
  useSubscriptionRoot,
  useTimeout,
  useVariableCheck,
} from './plugins';
import { createRest } from './rest';
import { createHttpServer, type HttpServer, type HttpServerOptions } from './sockets/httpServer';
import type { ServerContext, Yoga } from './sockets/socketProtocol';
import { createUpgrade } from './sockets/upgrades';
import { serveWebSockets } from './sockets/webSockets';

/** The dependencies of a server. */
interface ServerOptions {
  config: Config;
  services: Services;
  logger: Logger;
}

/** How callers are authenticated, and how errors are reported to them and to the log. */
interface ErrorHandling {
  authenticate: Authenticate;
  maskError: MaskError;
  reportRefusal: ReportRefusal;
}

function createGateway(
  { config, services }: ServerOptions,
  schema: GraphQLSchema,
  { authenticate, maskError, reportRefusal }: ErrorHandling,
  streams: OpenStreams,
): Yoga {
  return createYoga<ServerContext, RequestContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga's own check would respond to every path with that end, /api/health included.
    healthCheckEndpoint: '/livez',
    logging: false,
    cors: corsOptions(config.allowedOrigins),
    batching: false,
    multipart: false,
    // MAX_BODY_BYTES holds, by useBodyLimit.
    maxRequestBodySize: false,
    maskedErrors: { maskError },
    parserAndValidationCache: createDocumentCache(),
    // useGraphiqlPage serves it.
    graphiql: false,
    async context({ request, params, req, actor: known, caller }) {
      const actor = known ?? (await authenticate(request.headers.get('authorization')));
      return createRequestContext(
        services,
        actor,
        request.headers.get('user-agent'),
        params.variables,
        caller ?? callerName(config, actor, req?.socket.remoteAddress),
      );
    },
    plugins: [
      useRequestId(),
      useLoopbackHosts(config),
      useHealth(services),
      // Before a key is asked for: the pages need none.
      useGraphiqlPage(config),
      // It authenticates by itself: a form has the key in its body.
      useExport({ config, services, authenticate, maskError }),
      useConsole(config),
      // Before the body is read: a caller without a key causes no work.
      useAuthentication(authenticate),
      useAcceptedTypes(),
      useBodyLimit(config),
      useJsonOnly(),
      useBodyEncoding(),
      useJsonBody(),
      useRest(createRest(services, config, reportRefusal)),
      useNotFoundPage(config),
      usePersistedQueries(config),
      useErrorCodes(),
      // Before graphql checks the variables itself.
      useVariableCheck(config),
      useGraphql(config),
      useSubscriptionRoot(),
      useExactNumbers(),
      // After the ones above, whose functions it wraps.
      useReadSource(services),
      useMutationLog(),
      useReadScope(),
      // After the one above, whose way to subscribe it wraps.
      useSubscriptionLimit(config),
      useLimits(config),
      useIntrospectionSwitch(config),
      useTimeout(config),
      useStreams(streams),
      useNotAcceptable(),
      // After the one above, which replaces responses.
      useCompression(),
    ],
  });
}

/** Responds to requests with what Yoga makes of them. What it throws goes to the caller, who logs it. */
const respondWith =
  (gateway: Yoga): HttpServerOptions['respond'] =>
  async (request, response) => {
    const made = await gateway.handleNodeRequestAndResponse(request, response, {
      req: request,
      res: response,
    });
    await sendNodeResponse(made, response, request, true);
  };

/** Puts together the whole server: GraphQL over HTTP, server-sent events and WebSocket, REST, and health. */
export function createServer(options: ServerOptions): HttpServer {
  const { config, services, logger } = options;
  const reportRefusal = createRefusalLog((facts, message) => logger.warn(facts, message));
  const authenticate = createAuthenticator(config, reportRefusal);
  const maskError = createMaskError(logger, toClientError, services.reportUnavailable, reportRefusal);
  const streams = createOpenStreams();
  const gateway = createGateway(options, createSchema(), { authenticate, maskError, reportRefusal }, streams);
  const sockets = serveWebSockets({ gateway, config, authenticate, maskError, logger });
  const httpServer = createHttpServer({
    settings: config,
    logger,
    respond: respondWith(gateway),
    upgrade: createUpgrade(sockets.server, config),
  });
  return {
    ...httpServer,
    async close(graceSeconds) {
      const closed = httpServer.close(graceSeconds);
      sockets.stop();
      streams.endAll();
      await closed;
      await gateway.dispose();
    },
  };
}
