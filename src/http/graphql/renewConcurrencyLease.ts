import type { LeaseId } from '../../domain/identifiers';
import { renewConcurrencyLease } from '../../flowRuns/renewConcurrencyLease';
import { builder } from './builder';

/** How many seconds a lease may last without a renewal. */
export const leaseSeconds = { min: 60, max: 86400 } as const;

const RenewConcurrencyLeaseInput = builder.inputType('RenewConcurrencyLeaseInput', {
  description: '`ttlSeconds`: 60 to 86400.',
  fields: t => ({
    leaseId: t.field({ type: 'UUID', required: true, description: 'The lease.' }),
    ttlSeconds: t.int({
      required: true,
      description: 'How long it is to last from now on.',
      validate: leaseSeconds,
    }),
  }),
});

const RenewConcurrencyLeasePayload = builder
  .objectRef<{ renewed: boolean }>('RenewConcurrencyLeasePayload')
  .implement({
    description: '`renewed` is false where the lease is gone.',
    fields: t => ({
      renewed: t.exposeBoolean('renewed', { description: 'Whether the lease was there to be renewed.' }),
    }),
  });

builder.mutationField('renewConcurrencyLease', t =>
  t.field({
    type: RenewConcurrencyLeasePayload,
    description: 'Puts off the end of a lease on a slot.',
    args: {
      input: t.arg({
        type: RenewConcurrencyLeaseInput,
        required: true,
        description: 'Which lease, and for how long.',
      }),
    },
    resolve: async (_parent, { input }, { services }) => ({
      renewed: await renewConcurrencyLease(services, input.leaseId as LeaseId, input.ttlSeconds),
    }),
  }),
);
