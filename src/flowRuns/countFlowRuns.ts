import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { StateType } from '../domain/state';
import * as pages from '../persistence/flowRuns/flowRunPages';
import type { Services } from '../transitions/services';

/** How many runs match a filter, or every one of several. */
export const countFlowRuns = (
  services: Services,
  filter: FlowRunFilter | readonly FlowRunFilter[] | null,
): Promise<number> =>
  services.database.scan(
    'counts',
    services.database.reader,
    manager => pages.countFlowRuns(manager, filter),
    { sharedAs: `all ${JSON.stringify(filter)}` },
  );

/** How many runs match, by state type. */
export const countFlowRunStates = (
  services: Services,
  filter: FlowRunFilter | null,
): Promise<{ stateType: StateType | null; count: number }[]> =>
  services.database.scan(
    'counts',
    services.database.reader,
    manager => pages.countFlowRunStates(manager, filter),
    { sharedAs: `by state ${JSON.stringify(filter)}` },
  );
