import { EventEmitter } from 'node:events';
import type { BulkOperationId } from '../domain/identifiers';

/** Signals that an operation changed. The ledger alone holds the change: a lost signal costs time, never an item. */
export interface OperationSignals {
  /** Notifies the listeners. Never waits and never throws. */
  notify(id: BulkOperationId): void;
  /**
   * Calls back for each signal.
   *
   * @returns a function that stops it.
   */
  subscribe(listener: (id: BulkOperationId) => void): () => void;
}

/** Creates signals within this process. */
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
