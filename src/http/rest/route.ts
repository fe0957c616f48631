import type { Hono, Context as HonoContext } from 'hono';
import type { BlankSchema } from 'hono/types';
import type { z } from 'zod';
import { type Actor, requireScope } from '../../authentication';
import { unauthenticated } from '../../domain/errors';
import type { Json } from '../../domain/json';
import type { Services } from '../../transitions/services';
import { type Context, createOperationContext, createRequestContext } from '../context';
import { readBody } from './readRequest';

/** The context of a call: its sender, and services whose transactions are rolled back if it is abandoned. */
export interface RestEnvironment {
  Bindings: { actor?: Actor };
  Variables: { services: Services };
}

/** The router that serves the table of routes. */
export type Rest = Hono<RestEnvironment, BlankSchema, '/api'>;

/** The response of a call: JSON, except for 204. */
type RestResponse =
  | { readonly status: 200 | 201 | 404 | 410; readonly value: Json }
  | { readonly status: 204 };

/** What a handler is called with: what the request carries, and what the route has read of it. */
interface Call<Id, Body> {
  readonly request: Context;
  readonly id: Id;
  readonly body: Body;
}

/** The type of the JSON of a response; null if it has no body. */
export type ResponseType = 'array' | 'boolean' | 'integer' | 'object' | 'string' | null;

/** What the OpenAPI document says of a call, besides its input. */
interface Described {
  /** Below `/api`. */
  readonly path: string;
  /** What the call does. */
  readonly summary: string;
  /** The statuses that the call itself responds with. Those that many calls share are in `openApi.ts`. */
  readonly responses: Readonly<Record<number, ResponseType>>;
}

/** A call that reveals nothing about runs. Clients send it without a key. */
export interface OpenRoute extends Described {
  readonly method: 'GET';
  readonly scope: null;
  readonly body?: undefined;
  readonly query?: undefined;
  readonly needsOwnRuns?: undefined;
  handle(): RestResponse;
}

/** A row of the table of routes: all of a call except its handler. */
export type Route<Id = unknown, Body extends z.ZodType = z.ZodType> = Described & {
  /** The required scope. A call with the scope `write` reads from the primary. */
  readonly scope: 'read' | 'write';
  /** Whether it creates or changes what only a gateway with runs of its own has: one that is attached to a server responds with 404. */
  readonly needsOwnRuns?: true;
  /** The parameter of the query that has the id, if the path has none. */
  readonly query?: string;
  /** Reads the id that the call is about, out of its path or its query. */
  id?(context: HonoContext): Id;
  handle(call: Call<Id, z.output<Body>>): Promise<RestResponse>;
} & (
    | { readonly method: 'GET' | 'DELETE'; readonly body?: undefined }
    /** What the body must be. A body with `force: true` needs the scope `force` too. */
    | { readonly method: 'POST'; readonly body: Body }
  );

/** A row whose handler takes what the row reads. */
export const route = <Id = undefined, Body extends z.ZodType = z.ZodUndefined>(row: Route<Id, Body>): Route =>
  row;

/** Responds with 201 if the object was created, and with 200 if it existed. */
export const ok = (value: Json, created = false): RestResponse => ({ status: created ? 201 : 200, value });

const isForced = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'force' in body && body.force === true;

async function call(context: HonoContext<RestEnvironment>, row: Route): Promise<RestResponse> {
  const { actor } = context.env;
  if (actor === undefined) throw unauthenticated('The request was not authenticated.');
  requireScope(actor, row.scope);
  const { services } = context.var;
  const { refusalOfChanges } = services.executor;
  if (row.needsOwnRuns && refusalOfChanges !== null)
    return { status: 404, value: { detail: refusalOfChanges } };
  const request = {
    ...createRequestContext(services, actor, context.req.header('user-agent') ?? null),
    ...createOperationContext(services, row.scope === 'write'),
  };
  const id = row.id?.(context);
  const body = row.body && (await readBody(context, row.body));
  if (isForced(body)) requireScope(actor, 'force');
  const response = await row.handle({ request, id, body });
  if (row.scope === 'write')
    services.reportEvent('a REST call was carried out', {
      actor: actor.name,
      call: `${row.method} /api${row.path}`,
      status: response.status,
    });
  return response;
}

/**
 * Serves a row of the table. The scope of the call is checked here, the body is read, and the source of reads is chosen. Two
 * handlers that return what was there before, instead of what they make, demand the scope `read` for it too.
 */
export function serve(rest: Rest, row: Route | OpenRoute): void {
  rest.on(row.method, row.path, async context => {
    const response = row.scope === null ? row.handle() : await call(context, row);
    return response.status === 204 ? context.body(null, 204) : context.json(response.value, response.status);
  });
}
