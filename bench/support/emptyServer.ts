/** A bare server that responds from memory: measures the cost of HTTP and GraphQL alone. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createSchema, createYoga } from 'graphql-yoga';
import { v7 } from 'uuid';
import { proposals, runsInCall } from './call';

const typeDefs = readFileSync(join(process.cwd(), 'schema.graphql'), 'utf8');

const states = Array.from({ length: runsInCall }, () => ({
  id: v7(),
  timestamp: '2026-11-23T15:34:00.123456Z',
  message: 'Stopped by hand.',
}));

const answers = {
  CANCELLING: states.map(state => ({
    flowRunId: v7(),
    status: proposals.accepted.status,
    details: { __typename: 'StateAcceptDetails', type: 'accept_details' },
    state: { ...state, ...proposals.accepted.state },
  })),
  PENDING: states.map(state => ({
    flowRunId: v7(),
    status: proposals.declined.status,
    details: {
      __typename: 'StateAbortDetails',
      code: 'PENDING_NOT_ALLOWED',
      reason: 'This run is in a RUNNING state and cannot transition to a PENDING state.',
    },
    state: { ...state, type: 'RUNNING', name: 'Running' },
  })),
};

interface Arguments {
  input: { state: { type: keyof typeof answers } };
}

const schema = createSchema({
  typeDefs,
  resolvers: {
    Mutation: {
      bulkSetFlowRunState: (_: unknown, { input }: Arguments) => ({ results: answers[input.state.type] }),
    },
  },
  resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
});

createServer(createYoga({ schema, logging: false, graphiql: false, landingPage: false })).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
process.on('SIGTERM', () => process.exit(0));
