import { EventEmitter } from 'node:events';
import type { BulkOperationId } from '../domain/identifiers';

/** Tells that something moved in an operation. The ledger alone says what: a lost signal costs time, never an item. */
export interface OperationSignals {
  /** Tells those who listen. It must not wait and must not throw. */
  notify(id: BulkOperationId): void;
  /** Calls back at each signal, until the answered function is called. */
  subscribe(listener: (id: BulkOperationId) => void): () => void;
}

/** Signals among those who listen in this process. */
export function createOperationSignals(): OperationSignals {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    notify: id => {
      emitter.emit('moved', id);
    },
    subscribe(listener) {
      emitter.on('moved', listener);
      return () => emitter.off('moved', listener);
    },
  };
}
