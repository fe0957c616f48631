import type { NotFoundHandler } from 'hono';
import type { Rest, RestEnvironment } from './route';

const methods = ['GET', 'POST', 'DELETE'] as const;

/** The methods of the routes of a path, with HEAD in addition to GET. */
function allowedAt(rest: Rest, path: string): string[] {
  const withRoute = methods.filter(method =>
    // Middleware matches every path and method.
    rest.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return withRoute.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/**
 * Responds where a call has no route: 404, or 405 with the methods that its path has; OPTIONS gets the methods with 204.
 */
export const respondWithoutRoute =
  (rest: Rest): NotFoundHandler<RestEnvironment> =>
  context => {
    const allowed = allowedAt(rest, context.req.path);
    if (allowed.length === 0) return context.json({ detail: 'Not Found' }, 404);
    context.header('allow', allowed.join(', '));
    return context.req.method === 'OPTIONS'
      ? context.body(null, 204)
      : context.json({ detail: 'Method Not Allowed' }, 405);
  };
