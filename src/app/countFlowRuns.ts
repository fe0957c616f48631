import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { StateType } from '../domain/state';
import type { Source } from '../persistence/database';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import * as pages from '../persistence/flowRunPages';
import { scan } from './scan';
import type { Services } from './services';

/** How many runs match. */
export const countFlowRuns = (
  services: Services,
  source: Source,
  filter: FlowRunFilter | null,
): Promise<number> =>
  scan(services, 'counts', () =>
    pages.countFlowRuns(source, compileFlowRunFilter(filter, services.database.dialect)),
  );

/** How many runs match, by state type. */
export const countFlowRunStates = (
  services: Services,
  source: Source,
  filter: FlowRunFilter | null,
): Promise<{ stateType: StateType | null; count: number }[]> =>
  scan(services, 'counts', () =>
    pages.countFlowRunStates(source, compileFlowRunFilter(filter, services.database.dialect)),
  );
