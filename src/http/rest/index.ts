import { Hono } from 'hono';
import type { ReportRefusal } from '../../authentication';
import { SwitchyardError } from '../../domain/errors';
import { toClientError } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { abandonedWith, withTimeLimit } from '../../transitions/timeLimit';
import { checkApiVersion } from './apiVersion';
import type { BodyLimits } from './bodies';
import { errorResponse } from './errorResponse';
import { printExactNumbers } from './printExactNumbers';
import { respondWithoutRoute } from './respondWithoutRoute';
import { type Rest, type RestEnvironment, serve } from './route';
import { createRoutes } from './routes';

/** The limits of REST calls: the same settings as for GraphQL. */
export interface RestLimits extends BodyLimits {
  readonly requestTimeoutSeconds: number;
}

/** Prefect's REST calls on the services of this project, exactly in their wire format; paths are below `/api`. */
export function createRest(
  services: Services,
  limits: RestLimits,
  reportRefusal: ReportRefusal = () => undefined,
): Rest {
  const rest: Rest = new Hono<RestEnvironment>({ strict: false }).basePath('/api');

  rest.onError((thrown, context) => {
    const error = toClientError(thrown);
    if (error instanceof SwitchyardError && error.code === 'FORBIDDEN')
      reportRefusal({ code: error.code, cause: error.message }, 'a caller lacks a scope');
    if (error instanceof SwitchyardError && error.code === 'UNAVAILABLE')
      services.reportUnavailable('a request failed', error);
    return errorResponse(context, error, cause => services.reportError('a REST call failed', cause));
  });
  rest.notFound(respondWithoutRoute(rest));
  rest.use((context, next) => {
    printExactNumbers(context);
    return next();
  });
  rest.use((context, next) =>
    withTimeLimit(limits.requestTimeoutSeconds, context.req.raw.signal, signal => {
      context.set('services', abandonedWith(services, signal));
      return next();
    }),
  );
  rest.use(checkApiVersion);
  for (const route of createRoutes(limits)) serve(rest, route);
  return rest;
}
