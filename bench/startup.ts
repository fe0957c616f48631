import { setTimeout as sleep } from 'node:timers/promises';
import { residentMegabytes, startServer } from './support/process';
import type { Benchmark } from './support/report';
import { percentile } from './support/statistics';

const starts = 5;
const idleMilliseconds = 3000;

/** From start to readiness on an existing embedded database, and the memory of a server at rest. */
export const startup: Benchmark = async (workshop, print) => {
  const { url, runs } = await workshop.fixture('embedded', 10_000);
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let number = 0; number < starts; number++) {
    const product = await startServer('product', url);
    seconds.push(product.startSeconds);
    await sleep(idleMilliseconds);
    megabytes.push(residentMegabytes(product.processId));
    await product.stop();
  }
  print({
    runs,
    starts,
    'ready s p50': percentile(seconds, 0.5),
    'ready s worst': Math.max(...seconds),
    'resident MB p50': percentile(megabytes, 0.5),
  });
};
