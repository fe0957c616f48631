import { Hono } from 'hono';
import type { ReportRefusal } from '../../authentication';
import { SwitchyardError, unauthenticated } from '../../domain/errors';
import { toClientError } from '../../transitions/databaseErrors';
import type { Services } from '../../transitions/services';
import { abandonedWith, withTimeLimit } from '../../transitions/timeLimit';
import { createContext } from '../context';
import { errorAnswer, printExactNumbers } from './answers';
import { checkApiVersion } from './apiVersion';
import { type BodyLimits, createBodies } from './bodies';
import type { Rest, RestEnvironment } from './calls';
import { addFlowRuns } from './flowRuns';
import { addCatalogue } from './flowsAndDeployments';
import { respondWithoutRoute } from './noRoute';
import { addTransitions } from './transitions';

/** The version of the reference whose calls these are: its client refuses another major. */
const referenceVersion = '3.8.8';

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
    return errorAnswer(context, error, cause => services.reportError('a REST call failed', cause));
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
  rest.get('/health', context => context.json(true));
  rest.get('/admin/version', context => context.json(referenceVersion));
  rest.get('/csrf-token', context => context.json({ detail: 'CSRF protection is disabled.' }, 404));

  rest.use(async (context, next) => {
    const { actor } = context.env;
    if (actor === undefined) throw unauthenticated('The request was not authenticated.');
    context.set(
      'request',
      createContext(context.var.services, actor, context.req.header('user-agent') ?? null),
    );
    await next();
  });

  const bodies = createBodies(limits);
  addCatalogue(rest, bodies);
  addFlowRuns(rest, bodies);
  addTransitions(rest, bodies);
  return rest;
}
