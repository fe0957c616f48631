import { addSeconds, systemClock } from '../src/domain/instant';
import { openWorld, type World } from './background/world';
import { describeOnEveryDatabase } from './harness/databases';
import { type GatewayProcess, startGatewayProcess } from './harness/gatewayProcess';

const inBackground = { EXPIRED_LEASES: 'on', CANCELLING_TIMEOUT: 'on', CANCELLATION_CLEANUP: 'on' };

describeOnEveryDatabase('the process', database => {
  let world: World;
  let gateway: GatewayProcess;
  beforeAll(async () => {
    world = await openWorld(database.url, addSeconds(systemClock()(), -1000));
  });
  afterAll(async () => {
    await gateway?.kill();
    await world?.close();
  });

  test('runs the background services, and stops them when it is told to end', async () => {
    const parent = await world.make('CANCELLING');
    const child = await world.subflow(parent, 'RUNNING');
    gateway = startGatewayProcess(database.url, inBackground);
    await gateway.printed(/cancelling timeout: 1 changed/);
    await gateway.printed(/cancellation cleanup: 1 changed/);
    expect(await world.stateOf(parent)).toMatchObject({ type: 'CANCELLED' });
    expect(await world.stateOf(child)).toMatchObject({ type: 'CANCELLED' });
    gateway.terminate();
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output()).toContain('"msg":"stopped"');
  }, 60_000);
});
