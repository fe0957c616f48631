import type { GraphQLSchema } from 'graphql';
import { builder } from './builder';
import './scalars';
import './findFlowRuns';
import './setFlowRunState';
import './createRuns';
import './manage';
import './watch';

/** The schema that the gateway serves. */
export const createSchema = (): GraphQLSchema => builder.toSchema();
