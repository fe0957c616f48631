import { Hono } from 'hono';
import { toClientError } from '../app/databaseErrors';
import type { Services } from '../app/services';
import type { Authenticate } from '../authentication';
import { type Context, createContext } from '../context';
import { errorAnswer } from './answers';
import { checkApiVersion } from './apiVersion';
import { type BodyLimits, createBodies } from './bodies';
import type { Rest } from './calls';
import { addCatalogue } from './catalogue';
import { addFlowRuns } from './flowRuns';
import { addTransitions } from './transitions';

/** The version of the reference whose calls these are: its client refuses another major. */
const referenceVersion = '3.8.8';

/** The limits of REST calls: the same settings as for GraphQL. */
export type RestLimits = BodyLimits;

/** Prefect's REST calls on the services of this project, exactly in their wire format; paths are below `/api`. */
export function createRest(services: Services, authenticate: Authenticate, limits: RestLimits): Rest {
  const rest: Rest = new Hono<{ Variables: { request: Context } }>({ strict: false }).basePath('/api');

  rest.onError((error, context) =>
    errorAnswer(context, toClientError(error), thrown => services.reportError('a REST call failed', thrown)),
  );
  rest.notFound(context => context.json({ detail: 'Not Found' }, 404));
  rest.use(checkApiVersion);
  rest.get('/health', context => context.json(true));
  rest.get('/admin/version', context => context.json(referenceVersion));
  rest.get('/csrf-token', context => context.json({ detail: 'CSRF protection is disabled.' }, 404));

  rest.use(async (context, next) => {
    const actor = await authenticate(context.req.header('authorization') ?? null);
    context.set('request', createContext(services, actor, context.req.header('user-agent') ?? null));
    await next();
  });

  const bodies = createBodies(limits);
  addCatalogue(rest, services, bodies);
  addFlowRuns(rest, services, bodies);
  addTransitions(rest, services, bodies);
  return rest;
}
