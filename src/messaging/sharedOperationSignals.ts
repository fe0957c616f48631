import type { BulkOperationId } from '../domain/identifiers';
import type { Bus } from './bus';
import { createOperationSignals, type OperationSignals } from './operationSignals';

/** Creates signals between all instances, or within this one while Redis is unavailable. */
export function createSharedOperationSignals(bus: Bus): OperationSignals {
  const here = createOperationSignals();
  bus.listen('operations', id => here.notify(id as BulkOperationId));
  return {
    notify: id => void bus.publish('operations', id).catch(() => here.notify(id)),
    subscribe: here.subscribe,
  };
}
