import type { GraphQLSchema } from 'graphql';
import { builder } from './builder';
import './scalars';
import './findFlowRuns';
import './setFlowRunState';
import './createFlowRuns';
import './createTaskRuns';
import './deleteFlowRuns';
import './flowsAndDeployments';
import './renewConcurrencyLease';
import './watchFlowRuns';
import './findBulkOperations';
import './runBulkOperation';
import './watchBulkOperation';

/** The schema that the gateway serves. */
export const createSchema = (): GraphQLSchema => builder.toSchema();
