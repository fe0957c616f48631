import type { Flow } from '../domain/flowRun';
import { type FlowPage, findFlows as findPage } from '../persistence/flowRuns/flows';
import type { Services } from '../transitions/services';

/** Flows that match, sorted, from an offset on: for callers that page by number, as the reference does. */
export const findFlows = ({ database }: Services, page: FlowPage): Promise<Flow[]> =>
  findPage(database.reader, page);
