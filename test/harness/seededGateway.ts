import type { TestDatabase } from './databases';
import { startGateway, type TestGateway } from './gateway';
import { type Seeding, seedingThrough } from './seeding';
import { shared } from './shared';

/** A gateway, what tests make through it, and a flow for their runs. */
export interface SeededGateway extends TestGateway {
  seeding: Seeding;
  flowId: string;
}

/** A gateway on the database of a describe block, shared by its tests. */
export const seededGateway = (database: TestDatabase, settings: Record<string, string> = {}): SeededGateway =>
  shared(async () => {
    const gateway = await startGateway(database.url, settings);
    const seeding = seedingThrough(gateway.ask);
    return { ...gateway, seeding, flowId: await seeding.createFlow('etl') };
  });
