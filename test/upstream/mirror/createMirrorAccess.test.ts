import type { FlowRunId, StateId } from '../../../src/domain/identifiers';
import type { State } from '../../../src/domain/state';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { FlowRunStateEntity } from '../../../src/persistence/entities/state';
import { countStates } from '../../../src/persistence/flowRuns/stateHistories';
import { UpstreamError, type UpstreamFailure } from '../../../src/upstream/client/upstreamError';
import { createMirrorAccess } from '../../../src/upstream/mirror/createMirrorAccess';
import { describeOnDatabases } from '../../harness/databases';
import { testServices } from '../../harness/services';
import { at, idOf, putIn, sampleRun } from '../../persistence/sampleRuns';
import { emptyServer } from './emptyServer';

const ids = [1, 2, 3].map(number => idOf<FlowRunId>(number));
const [, bad] = ids;
const stateOf = (number: number, name: string): State => ({
  id: idOf<StateId>(number),
  type: 'RUNNING',
  name,
  timestamp: at(number),
  message: null,
  data: null,
  stateDetails: {},
  actor: null,
  bulkOperationId: null,
});

describeOnDatabases(['embedded', 'mysql'], 'histories of runs that are read from a server', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    for (const entity of [FlowRunEntity, FlowRunStateEntity])
      await opened.writer.getRepository<object>(entity).deleteAll();
    await putIn(
      opened,
      [1, 2, 3].map(number => sampleRun(number)),
    );
  });

  /** Reads all three histories; that of the second run is what a test says. */
  async function complete(findBad: () => Promise<State[]>): Promise<number[]> {
    const client = emptyServer({
      findStates: async id => (id === bad ? findBad() : [stateOf(ids.indexOf(id) + 1, 'Running')]),
    });
    const unavailable: string[] = [];
    const services = testServices(opened, [], { reportUnavailable: what => void unavailable.push(what) });
    await createMirrorAccess(services, client).completeHistories(ids);
    expect(unavailable).toHaveLength(1);
    const counts = await countStates(opened.primary, ids);
    return ids.map(id => counts.get(id) ?? 0);
  }
  const failing = (failure: UpstreamFailure) =>
    complete(() => Promise.reject(new UpstreamError('bad', failure)));

  test.each<UpstreamFailure>([
    { kind: 'serverError', status: 500 },
    { kind: 'malformed', detail: '0.id is not a UUID' },
  ])('are stored but for the one that cannot be read: %p', async failure => {
    expect(await failing(failure)).toEqual([1, 0, 1]);
  });

  test('are stored but for the one that the database does not take', async () => {
    expect(await complete(async () => [stateOf(2, null as unknown as string)])).toEqual([1, 0, 1]);
  });

  test.each<UpstreamFailure>([{ kind: 'unreachable' }, { kind: 'serverError', status: 503 }])(
    'are UNAVAILABLE where the server is away: %p',
    async failure => {
      await expect(failing(failure)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    },
  );
});
