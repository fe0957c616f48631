import { GraphQLID, GraphQLSchema } from 'graphql';
import { builder } from './builder';
import { idScalarName } from './scalars';
import './findFlowRuns';
import './findFlows';
import './findDeployments';
import './flowRunHistory';
import './valuesInUse';
import './findNode';
import './flowRunLists';
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
import './viewer';
import './server';

/** Renames the scalar of ids to `ID`, the name that Relay, code generators and form libraries know. */
function nameIdScalar(schema: GraphQLSchema): GraphQLSchema {
  const { types: all, ...config } = schema.toConfig();
  const types = all.filter(type => type !== GraphQLID);
  for (const type of types) {
    if (type.name === idScalarName) type.name = 'ID';
  }
  return new GraphQLSchema({ ...config, types });
}

let built: GraphQLSchema | null = null;

/** The schema that every gateway of this process serves; the first use builds it. */
export const createSchema = (): GraphQLSchema => (built ??= nameIdScalar(builder.toSchema()));
