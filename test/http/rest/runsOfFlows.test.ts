import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

describeOnEveryDatabase('REST: runs by their flows and deployments', database => {
  const rest = shared(() => openRest(database.url));
  const flows: Record<string, string> = {};
  const deployments: Record<string, string> = {};

  beforeAll(async () => {
    for (const name of ['Ernte 1', 'ERNTE 2', 'Äther']) {
      const { body } = await rest.post('/flows/', { name });
      flows[name] = body.id;
      for (const deployment of ['nightly', 'Büro']) {
        const made = await rest.post('/deployments/', { flow_id: body.id, name: deployment });
        deployments[`${name} ${deployment}`] = made.body.id;
        await rest.post('/flow_runs/', {
          flow_id: body.id,
          deployment_id: made.body.id,
          name: `${name} ${deployment}`,
        });
      }
      await rest.post('/flow_runs/', { flow_id: body.id, name: `${name} alone`, tags: ['alone'] });
    }
  });

  const found = async (body: object): Promise<string[]> => {
    const answer = await rest.post('/flow_runs/filter', body);
    const names = (answer.body as { name: string }[]).map(({ name }) => name).sort();
    expect((await rest.post('/flow_runs/count', body)).body).toBe(names.length);
    return names;
  };
  const ofEther = ['Äther Büro', 'Äther alone', 'Äther nightly'];

  test('finds those of flows by id, by name and by a part of the name', async () => {
    expect(await found({ flows: { id: { any_: [flows.Äther] } } })).toEqual(ofEther);
    expect(await found({ flows: { name: { any_: ['Äther', 'äther'] } } })).toEqual(ofEther);
    expect(await found({ flows: { name: { like_: 'äTH' } } })).toEqual(ofEther);
    expect(await found({ flows: { name: { like_: 'ernte' } }, limit: 200 })).toHaveLength(6);
    expect(await found({ flows: { name: { like_: '%' } } })).toEqual([]);
  });

  test('finds those of deployments; a run without one never matches', async () => {
    const id = { any_: [deployments['Ernte 1 nightly']] };
    expect(await found({ deployments: { id } })).toEqual(['Ernte 1 nightly']);
    expect(await found({ deployments: { name: { like_: 'BÜRO' } } })).toHaveLength(3);
    expect(await found({ deployments: { id: { not_any_: id.any_ } } })).toHaveLength(5);
  });

  test('combines the groups with each other and with those of runs, which may be alternatives', async () => {
    const nightly = { name: { any_: ['nightly'] } };
    expect(await found({ flows: { name: { like_: 'ernte' } }, deployments: nightly })).toEqual([
      'ERNTE 2 nightly',
      'Ernte 1 nightly',
    ]);
    const either = { operator: 'or_', tags: { all_: ['alone'] }, name: { like_: 'büro' } };
    expect(await found({ flow_runs: either, flows: { id: { any_: [flows.Äther] } } })).toEqual([
      'Äther Büro',
      'Äther alone',
    ]);
    expect(await found({ flow_runs: either, deployments: { name: { like_: 'r' } } })).toHaveLength(3);
  });

  test('ignores groups that are empty, and matches no run for an empty list', async () => {
    expect(await found({ flows: {}, deployments: { name: {} } })).toHaveLength(9);
    expect(await found({ flows: { id: { any_: [] } } })).toEqual([]);
    expect(await found({ deployments: { name: { any_: [] } } })).toEqual([]);
  });
});
