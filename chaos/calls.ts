import { setTimeout as sleep } from 'node:timers/promises';
import { type Ask, askAt } from '../test/harness/gateway';
import type { Members } from './members';

/** Calls that are repeated until a gateway responds. */
export interface Calls {
  ask: Ask;
  /** How often a call was made again. */
  repeated(): number;
  /** How many calls were answered. */
  answered(): number;
  /** Responses that no outage explains. */
  unexpected: string[];
}

// A client that renews its leases, so that each slot keeps its lease for as long as it is held.
const headers = { 'user-agent': 'prefect/3.8.8' };
const pauseMilliseconds = 100;

const codeOf = (error: unknown): string | null => {
  const { errors } = error as { errors?: { extensions?: { code?: string } }[] };
  return errors === undefined ? null : (errors[0]?.extensions?.code ?? 'no code');
};

/** Calls to the gateways of an installation, the next one whenever one fails, until the signal says to give up. */
export function createCalls({ gatewayUrl }: Pick<Members, 'gatewayUrl'>, givingUp: AbortSignal): Calls {
  let turn = 0;
  let repeated = 0;
  let answered = 0;
  const unexpected: string[] = [];
  return {
    unexpected,
    repeated: () => repeated,
    answered: () => answered,
    async ask<Data>(query: string, variables: unknown = {}) {
      for (;;) {
        givingUp.throwIfAborted();
        const url = gatewayUrl(turn++);
        try {
          if (url === null) throw new Error('the gateway is away');
          const data = await askAt(url)<Data>(query, variables, headers);
          answered++;
          return data;
        } catch (error) {
          const code = codeOf(error);
          // No answer at all is an outage, and so is one that says so.
          if (code !== null && code !== 'UNAVAILABLE')
            unexpected.push(`${code}: ${String(error)} to ${query}`);
          repeated++;
          await sleep(pauseMilliseconds);
        }
      }
    },
  };
}
