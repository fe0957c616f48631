import type { Json } from '../../domain/json';
import { type BodyLimits, createBodies } from './bodies';
import { flowRunRoutes } from './flowRuns';
import { flowAndDeploymentRoutes } from './flowsAndDeployments';
import { createOpenApi } from './openApi';
import { openApiPath, openRoutes } from './openRoutes';
import { type OpenRoute, ok, type Route } from './route';
import { transitionRoutes } from './transitions';

/** Every REST call, and the document that describes them. */
export function createRoutes(limits: BodyLimits): readonly (Route | OpenRoute)[] {
  const bodies = createBodies(limits);
  const calls = [
    ...openRoutes,
    ...flowAndDeploymentRoutes(bodies),
    ...flowRunRoutes(bodies),
    ...transitionRoutes(bodies),
  ];
  let document: Json | undefined;
  const openApi: OpenRoute = {
    method: 'GET',
    path: openApiPath,
    summary: 'Returns this document.',
    responses: { 200: 'object' },
    scope: null,
    handle() {
      document ??= createOpenApi([...calls, openApi]);
      return ok(document);
    },
  };
  return [...calls, openApi];
}
