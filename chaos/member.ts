import type { Random } from '../bench/support/random';
import { type GatewayProcess, startGatewayProcess } from '../test/harness/gatewayProcess';
import type { Victim } from './victim';

const batchSizes = ['50', '200', '500', '1000'] as const;

/** A process of the product, one after the other. */
export interface Member extends Victim {
  url(): string | null;
  ready(): Promise<unknown>;
  output(): string;
  ownEnds: string[];
}

/** Starts a process of the product with a random size of batches. */
export function createMember(
  kind: 'gateway' | 'worker',
  number: number,
  databaseUrl: string,
  settings: Readonly<Record<string, string>>,
  random: Random,
): Member {
  const name = `${kind} ${number}`;
  const ownEnds: string[] = [];
  let earlier = '';
  let url: string | null = null;
  async function noteOwnEnd(started: { process: GatewayProcess; isKilled: boolean }): Promise<void> {
    const code = await started.process.ended();
    if (!started.isKilled)
      ownEnds.push(`${name} ended with ${code}: ${started.process.output().slice(-1000)}`);
  }
  const start = (): { process: GatewayProcess; listening: Promise<unknown>; isKilled: boolean } => {
    // The worker that selects the runs of an operation creates its batches.
    const process = startGatewayProcess(
      databaseUrl,
      { ...settings, OPERATION_BATCH_SIZE: random.pick(batchSizes) },
      ['--role', kind],
    );
    const listening = process.url().then(
      found => void (url = `${found}/graphql`),
      () => undefined,
    );
    const started = { process, listening, isKilled: false };
    noteOwnEnd(started).catch((error: unknown) => ownEnds.push(String(error)));
    return started;
  };
  let running = start();
  return {
    name,
    kind,
    ownEnds,
    url: () => url,
    ready: () => running.listening,
    output: () => earlier + running.process.output(),
    async kill() {
      running.isKilled = true;
      url = null;
      await running.process.kill();
    },
    async restart() {
      earlier += running.process.output();
      running = start();
    },
  };
}
