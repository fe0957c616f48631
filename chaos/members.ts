import type { Random } from '../bench/support/random';
import { createMember } from './member';
import type { Victim } from './victim';

/** How many processes of the product there are, and what they share. */
interface MembersToStart {
  gateways: number;
  workers: number;
  databaseUrl: string;
  settings: Readonly<Record<string, string>>;
  random: Random;
}

/** What every installation offers of its processes of the product. */
export interface Members {
  victims: readonly Victim[];
  /** The address of GraphQL at a gateway, counted round; null while it is not there. */
  gatewayUrl(number: number): string | null;
  /** Waits until every process is ready. */
  ready(): Promise<void>;
  /** What each process has printed since the beginning. */
  outputs(): string[];
  /** Processes that ended though nothing killed them. */
  ownEnds(): string[];
  close(): Promise<void>;
}

/** Starts gateways and workers on one database. */
export function startMembers({ gateways, workers, databaseUrl, settings, random }: MembersToStart): Members {
  const start = (kind: 'gateway' | 'worker', count: number) =>
    Array.from({ length: count }, (_, index) => createMember(kind, index + 1, databaseUrl, settings, random));
  const startedGateways = start('gateway', gateways);
  const members = [...startedGateways, ...start('worker', workers)];
  return {
    victims: members,
    gatewayUrl: number => startedGateways[number % gateways]?.url() ?? null,
    async ready() {
      await Promise.all(members.map(member => member.ready()));
    },
    outputs: () => members.map(member => member.output()),
    ownEnds: () => members.flatMap(member => member.ownEnds),
    async close() {
      await Promise.all(members.map(member => member.kill()));
    },
  };
}
