import { leaseSeconds } from '../../domain/bounds';
import type { LeaseId } from '../../domain/identifiers';
import { renewConcurrencyLease } from '../../flowRuns/renewConcurrencyLease';
import { builder } from './builder';

const RenewConcurrencyLeaseInput = builder.inputType('RenewConcurrencyLeaseInput', {
  description: '`ttlSeconds`: 60 to 86400.',
  fields: t => ({
    leaseId: t.field({ type: 'UUID', required: true, description: 'The lease.' }),
    ttlSeconds: t.int({
      required: true,
      description: 'The duration from now on, in seconds.',
      validate: { schema: leaseSeconds },
    }),
  }),
});

const RenewConcurrencyLeasePayload = builder
  .objectRef<{ renewed: boolean }>('RenewConcurrencyLeasePayload')
  .implement({
    description: '`renewed` is false where the lease is gone.',
    fields: t => ({
      renewed: t.exposeBoolean('renewed', { description: 'Whether the lease existed and was renewed.' }),
    }),
  });

builder.mutationField('renewConcurrencyLease', t =>
  t.field({
    type: RenewConcurrencyLeasePayload,
    description: 'Renews the lease on a slot.',
    args: {
      input: t.arg({
        type: RenewConcurrencyLeaseInput,
        required: true,
        description: 'The lease and its duration.',
      }),
    },
    resolve: async (_parent, { input }, { services }) => ({
      renewed: await renewConcurrencyLease(services, input.leaseId as LeaseId, input.ttlSeconds),
    }),
  }),
);
