import { type OperationGateway, startOperationGateway } from '../operations/harness';
import type { Ask } from './gateway';
import { until } from './waiting';

/** How far a mirror is, as a gateway says. */
export interface SeenMirror {
  phase: string;
  runs: number;
  mispredicted: number;
}

/** Reads how far the mirror of a gateway is; null where it has not begun. */
export const mirrorOf = async (ask: Ask): Promise<SeenMirror | null> =>
  (await ask<{ server: { mirror: SeenMirror | null } }>('{ server { mirror { phase runs mispredicted } } }'))
    .server.mirror;

/** Starts a gateway with a worker that is attached to a Prefect server, and waits until it has copied its runs. */
export async function startAttachedGateway(
  databaseUrl: string,
  apiUrl: string,
  settings: Record<string, string> = {},
): Promise<OperationGateway> {
  const gateway = await startOperationGateway(databaseUrl, { PREFECT_API_URL: apiUrl, ...settings });
  let seen: SeenMirror | null = null;
  await until(
    async () => {
      seen = await mirrorOf(gateway.ask);
      return seen?.phase === 'FOLLOWING';
    },
    () => seen,
  );
  return gateway;
}
