import type { GraphQLSchema } from 'graphql';
import { builder } from './builder';
import './scalars';
import './findFlowRuns';
import './setFlowRunState';
import './createFlowRuns';
import './createTaskRuns';
import './manage';
import './watch';
import './findBulkOperations';
import './runBulkOperation';
import './watchBulkOperation';

/** The schema that the gateway serves. */
export const createSchema = (): GraphQLSchema => builder.toSchema();
