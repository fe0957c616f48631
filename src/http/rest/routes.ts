import { type BodyLimits, createBodies } from './bodies';
import { flowRunRoutes } from './flowRuns';
import { flowAndDeploymentRoutes } from './flowsAndDeployments';
import { openRoutes } from './openRoutes';
import type { OpenRoute, Route } from './route';
import { transitionRoutes } from './transitions';

/** Every REST call. */
export function createRoutes(limits: BodyLimits): readonly (Route | OpenRoute)[] {
  const bodies = createBodies(limits);
  return [
    ...openRoutes,
    ...flowAndDeploymentRoutes(bodies),
    ...flowRunRoutes(bodies),
    ...transitionRoutes(bodies),
  ];
}
