import { v7 } from 'uuid';
import { describeOnEveryDatabase } from '../../harness/databases';
import { openRest, type TestRest } from './rest';

describeOnEveryDatabase(
  'REST: a valid body that refers to an unknown row is rejected with 409 and the field',
  database => {
    let rest: TestRest;
    let flowId: string;

    beforeAll(async () => {
      rest = await openRest(database.url);
      flowId = await rest.createFlow();
    });
    afterAll(() => rest?.close());

    const keys = { task_key: 'k', dynamic_key: '0' };

    test.each<[path: string, body: () => object, detail: string]>([
      ['/deployments/', () => ({ name: 'd', flow_id: v7() }), 'flow_id: there is no flow with this id'],
      ['/flow_runs/', () => ({ flow_id: v7() }), 'flow_id: there is no flow with this id'],
      [
        '/flow_runs/',
        () => ({ flow_id: flowId, deployment_id: v7() }),
        'deployment_id: there is no deployment with this id',
      ],
      [
        '/flow_runs/',
        () => ({ flow_id: flowId, parent_task_run_id: v7() }),
        'parent_task_run_id: there is no task run with this id',
      ],
      [
        '/flow_runs/',
        () => ({ flow_id: v7(), parent_task_run_id: v7() }),
        'flow_id: there is no flow with this id; parent_task_run_id: there is no task run with this id',
      ],
      [
        '/task_runs/',
        () => ({ flow_run_id: v7(), ...keys }),
        'flow_run_id: there is no flow run with this id',
      ],
    ])('rejects at %s: %#', async (path, body, detail) => {
      expect(await rest.post(path, body())).toEqual({ status: 409, body: { detail } });
    });
  },
);
