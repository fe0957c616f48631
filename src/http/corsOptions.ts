import type { YogaServerOptions } from 'graphql-yoga';

/** Seconds for which a browser may remember the result of a preflight. */
const maxAge = 600;

/**
 * The CORS options of Yoga: pages of the allowed origins, and of no others, may read responses. Pages send keys and tokens in a
 * header and there are no cookies, so no credentials of the browser are allowed.
 */
export const corsOptions = (allowedOrigins: readonly string[]): YogaServerOptions<object, object>['cors'] =>
  allowedOrigins.length > 0 &&
  (request => {
    const origin = request.headers.get('origin');
    if (origin === null || !allowedOrigins.includes(origin)) return false;
    return {
      origin: [...allowedOrigins],
      methods: ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
      exposedHeaders: ['X-Request-Id', 'Retry-After'],
      credentials: false,
      maxAge,
    };
  });
