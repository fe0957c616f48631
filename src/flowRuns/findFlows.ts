/** Flows that match, sorted, from an offset on: for callers that page by number, as the reference does. */
export { findFlows } from '../persistence/flowRuns/flows';
