import { describeOnDatabases } from '../../harness/databases';
import { startGateway } from '../../harness/gateway';
import { shared } from '../../harness/shared';
import { transports } from '../../harness/subscribing';

describeOnDatabases(['embedded'], 'the root of a subscription', database => {
  const gateway = shared(() => startGateway(database.url));

  describe.each(transports)('over %s', (_transport, subscribe) => {
    test.each([
      'subscription { flowRunStateChanged @skip(if: true) { state { id } } }',
      'subscription { ... @include(if: false) { flowRunStateChanged { state { id } } } }',
      'subscription { ...F @skip(if: true) } fragment F on Subscription { flowRunStateChanged { state { id } } }',
      'subscription { ...F } fragment F on Subscription { flowRunStateChanged @skip(if: true) { state { id } } }',
    ])('is rejected if directives can make it empty: %s', async query => {
      const subscription = subscribe(gateway, query);
      const event = await subscription.next();
      await subscription.stop();
      expect(event?.errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
    });
  });

  test('accepts directives in selections further inside, and in queries', async () => {
    expect(await gateway.ask('{ flowRunCount @skip(if: false) }')).toEqual({ flowRunCount: 0 });
    const [, subscribe] = transports[0] ?? [];
    const id = '019a0000-0000-7000-8000-000000000000';
    const subscription = subscribe?.(
      gateway,
      `subscription { bulkOperationProgress(id: "${id}") { status @skip(if: true) id } }`,
    );
    const event = await subscription?.next();
    await subscription?.stop();
    expect(event?.errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND']);
  });
});
