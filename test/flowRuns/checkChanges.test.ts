import type { DeploymentId, FlowId, LeaseId } from '../../src/domain/identifiers';
import { countFlowRuns } from '../../src/flowRuns/countFlowRuns';
import { createFlowRuns } from '../../src/flowRuns/createFlowRuns';
import { createTaskRuns } from '../../src/flowRuns/createTaskRuns';
import { createDeployment, createFlow, updateDeployment } from '../../src/flowRuns/flowsAndDeployments';
import { renewConcurrencyLease } from '../../src/flowRuns/renewConcurrencyLease';
import { openDatabase } from '../../src/persistence/connection/database';
import { localExecutor } from '../../src/transitions/localExecutor';
import type { Services } from '../../src/transitions/services';
import { describeOnEveryDatabase } from '../harness/databases';
import { testServices } from '../harness/services';
import { shared } from '../harness/shared';

const reason = 'Create runs in the other server.';
const id = '5f1ac3a2-8a0b-4c86-9c9e-f0f4b5a4e2aa';
const unknownAuthor = { actor: null, bulkOperationId: null };

describeOnEveryDatabase('a gateway whose executor refuses changes', database => {
  const opened = shared(async () => {
    const own = await openDatabase({ url: database.url });
    await own.migrate();
    const services = testServices(own, [], { executor: { ...localExecutor, refusalOfChanges: reason } });
    return { services, close: () => own.close() };
  });

  test.each<[string, (services: Services) => Promise<unknown>]>([
    ['a flow', services => createFlow(services, 'any')],
    ['a deployment', services => createDeployment(services, { flowId: id as FlowId, name: 'any' })],
    ['a change of a deployment', services => updateDeployment(services, id as DeploymentId, {})],
    ['runs', services => createFlowRuns(services, [], unknownAuthor)],
    ['task runs', services => createTaskRuns(services, [], unknownAuthor)],
    ['the renewal of a lease', services => renewConcurrencyLease(services, id as LeaseId, 60)],
  ])('refuses %s with BAD_USER_INPUT and the reason of the executor', async (_what, change) => {
    await expect(change(opened.services)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `input: ${reason}`,
    });
    expect(await countFlowRuns(opened.services, null)).toBe(0);
  });
});
