import { describeOnEveryDatabase } from '../../harness/databases';
import { shared } from '../../harness/shared';
import { openRest } from './rest';

describeOnEveryDatabase('REST: flows', database => {
  const rest = shared(() => openRest(database.url));
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    for (const name of ['beta', 'Alpha', 'gamma']) ids[name] = await rest.createFlow(name);
  });

  const namesOf = async (body: object): Promise<string[]> => {
    const { status, body: flows } = await rest.post('/flows/filter', body);
    expect(status).toBe(200);
    return flows.map(({ name }: { name: string }) => name);
  };

  test('returns flows as they were returned at their creation', async () => {
    const made = await rest.post('/flows/', { name: 'gamma' });
    const { body } = await rest.post('/flows/filter', { flows: { id: { any_: [ids.gamma] } } });
    expect(body).toEqual([made.body]);
  });

  test.each<[body: object, names: string[]]>([
    [{}, ['Alpha', 'beta', 'gamma']],
    [{ sort: 'NAME_DESC' }, ['gamma', 'beta', 'Alpha']],
    [{ sort: 'CREATED_DESC' }, ['gamma', 'Alpha', 'beta']],
    [{ sort: 'UPDATED_DESC', limit: 1 }, ['gamma']],
    [{ limit: 1, offset: 1 }, ['beta']],
    [{ limit: 0 }, []],
    [{ offset: 5 }, []],
    [{ flows: { name: { any_: ['beta', 'none'] } } }, ['beta']],
    [{ flows: { name: { any_: [] } } }, []],
    [{ flows: { name: { like_: 'ALPH' } } }, ['Alpha']],
    [{ flows: { name: { like_: '' } } }, ['Alpha', 'beta', 'gamma']],
    [{ flows: null, flow_runs: null }, ['Alpha', 'beta', 'gamma']],
  ])('finds flows by %j %j', async (body, names) => {
    expect(await namesOf(body)).toEqual(names);
  });

  test('finds flows by ids, with all or any conditions', async () => {
    const id = { not_any_: [ids.beta] };
    const name = { any_: ['beta', 'gamma'] };
    expect(await namesOf({ flows: { id } })).toEqual(['Alpha', 'gamma']);
    expect(await namesOf({ flows: { id, name } })).toEqual(['gamma']);
    expect(await namesOf({ flows: { operator: 'or_', id, name } })).toEqual(['Alpha', 'beta', 'gamma']);
  });

  test.each([{ flows: { tags: { all_: ['a'] } } }, { flow_runs: {} }, { sort: 'ID' }, { limit: 201 }])(
    'rejects the unsupported condition %j',
    async body => {
      expect((await rest.post('/flows/filter', body)).status).toBe(422);
    },
  );
});
