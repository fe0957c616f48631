import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { StateType } from '../domain/state';
import type { Source } from '../persistence/database';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import * as pages from '../persistence/flowRunPages';
import type { Services } from './services';

/** How many runs match. */
export const countFlowRuns = (
  { database }: Services,
  source: Source,
  filter: FlowRunFilter | null,
): Promise<number> => pages.countFlowRuns(source, compileFlowRunFilter(filter, database.dialect));

/** How many runs match, by state type. */
export const countFlowRunStates = (
  { database }: Services,
  source: Source,
  filter: FlowRunFilter | null,
): Promise<{ stateType: StateType | null; count: number }[]> =>
  pages.countFlowRunStates(source, compileFlowRunFilter(filter, database.dialect));
