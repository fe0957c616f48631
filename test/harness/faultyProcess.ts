import { createLogger } from '../../src/platform/logging';
import { createStopper } from '../../src/stopping';

/** A process that stops as the product does, with one fault in it: `throw`, `reject`, or `hang` while it stops. */
const [fault = ''] = process.argv.slice(2);
const logger = createLogger('info');
const stopper = createStopper(logger);
const heartbeat = setInterval(() => undefined, 1000);

stopper.run(
  {
    finish: async () => {
      logger.info('finished what was in hand');
      clearInterval(heartbeat);
    },
    close: () => (fault === 'hang' ? new Promise(() => undefined) : Promise.resolve()),
  },
  1,
);

const unowned: Promise<never>[] = [];
const boom = new Error('the outer fault', { cause: new Error('the inner fault') });
switch (fault) {
  case 'throw':
    setImmediate(() => {
      throw boom;
    });
    break;
  case 'reject':
    unowned.push(Promise.reject(boom));
    break;
  default:
    logger.info('running');
}
