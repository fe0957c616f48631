import { useExtendContextValuePerExecuteSubscriptionEvent } from '@envelop/execute-subscription-event';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Services } from '../../transitions/services';
import { type Context, createEventContext } from '../context';

/** Resolves every event of every subscription with loaders of its own, so that it shows nothing of earlier events. */
export const useEventContext = (services: Services): Plugin<Context> =>
  useExtendContextValuePerExecuteSubscriptionEvent<YogaInitialContext & Context>(() => ({
    contextPartial: createEventContext(services),
  }));
