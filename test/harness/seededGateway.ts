import type { TestDatabase } from './databases';
import { startGateway, type TestGateway } from './gateway';
import { type Seeding, seedingThrough } from './seeding';

/** A gateway, what tests make through it, and a flow for their runs. */
export interface SeededGateway extends TestGateway {
  seeding: Seeding;
  flowId: string;
}

/**
 * A gateway on the database of a describe block: started before the first of its tests, closed after the last. Only hooks
 * and tests may look at it.
 */
export function seededGateway(database: TestDatabase, settings: Record<string, string> = {}): SeededGateway {
  let started: SeededGateway | null = null;
  beforeAll(async () => {
    const gateway = await startGateway(database.url, settings);
    const seeding = seedingThrough(gateway.ask);
    started = { ...gateway, seeding, flowId: '' };
    started.flowId = await seeding.createFlow('etl');
  });
  afterAll(() => started?.close());
  return new Proxy({} as SeededGateway, {
    get(_none, name) {
      if (started === null) throw new Error('the gateway is not started yet: look at it in a hook or a test');
      return Reflect.get(started, name) as unknown;
    },
  });
}
