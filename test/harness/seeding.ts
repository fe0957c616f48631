import type { Ask } from './gateway';

type Input = Readonly<Record<string, unknown>>;

/** Creates the data of tests through the gateway's own calls; each returns ids. */
export interface Seeding {
  createFlow(name: string): Promise<string>;
  createDeployment(input: Input): Promise<string>;
  createTaskRuns(input: readonly Input[]): Promise<string[]>;
  createFlowRuns(input: readonly Input[]): Promise<string[]>;
}

/** Makes things through a gateway. */
export function seedingThrough(ask: Ask): Seeding {
  const createOne = async (field: string, type: string, input: Input): Promise<string> => {
    const query = `mutation ($input: ${type}!) { made: ${field}(input: $input) { id } }`;
    return (await ask<{ made: { id: string } }>(query, { input })).made.id;
  };
  return {
    createFlow: name => createOne('createFlow', 'CreateFlowInput', { name }),
    createDeployment: input => createOne('createDeployment', 'CreateDeploymentInput', input),
    async createTaskRuns(input) {
      const query =
        'mutation ($input: [CreateTaskRunInput!]!) { made: createTaskRuns(input: $input) { taskRuns { id } } }';
      const { made } = await ask<{ made: { taskRuns: { id: string }[] } }>(query, { input });
      return made.taskRuns.map(({ id }) => id);
    },
    async createFlowRuns(input) {
      const query =
        'mutation ($input: [CreateFlowRunInput!]!) { made: createFlowRuns(input: $input) { results { flowRun { id } } } }';
      const { made } = await ask<{ made: { results: { flowRun: { id: string } }[] } }>(query, { input });
      return made.results.map(({ flowRun }) => flowRun.id);
    },
  };
}
