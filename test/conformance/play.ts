import { slicesOf } from '../../src/platform/slicesOf';
import type { Services } from '../../src/transitions/services';
import { type FilterRecording, playQuery, playSort, putInDataset } from './filters';
import { playTransitions, type TransitionCase } from './transitions';

/** A file of recorded cases. */
export type Recording = FilterRecording | { cases: TransitionCase[] };

/** What came of one case: where it differs, nothing where it does not. */
export interface Outcome {
  id: string;
  differences: string[];
}

async function outcome(id: string, play: () => Promise<string[]>): Promise<Outcome> {
  try {
    return { id, differences: await play() };
  } catch (error) {
    return { id, differences: [error instanceof Error ? error.message : String(error)] };
  }
}

// The calls of cases run side by side where a server spends most of their time on other things than this process. The
// embedded database has one connection that writes: there, they would only make each other late.
const callsAtOnce = { embedded: 1, mysql: 4, mariadb: 4 } as const;

// So few that the last call of them is made before any instant that the cases name, 0.2 s after their start, has come.
const casesAtOnce = 8;

async function* playCases(services: Services, cases: readonly TransitionCase[]): AsyncGenerator<Outcome> {
  const atOnce = callsAtOnce[services.database.kind];
  for (const together of slicesOf(cases, casesAtOnce)) {
    const played = await playTransitions(services, together, atOnce).catch(() => null);
    // What cannot be put in or read back fails alone.
    for (const [index, recorded] of together.entries())
      yield outcome(
        recorded.id,
        async () => played?.[index] ?? (await playTransitions(services, [recorded], 1)).flat(),
      );
  }
}

/** Runs every case, query and sort of a recording; returns the results in its order. */
export async function* playRecording(services: Services, recording: Recording): AsyncGenerator<Outcome> {
  if ('cases' in recording) {
    yield* playCases(services, recording.cases);
    return;
  }
  await putInDataset(services, recording);
  for (const query of recording.queries) yield outcome(query.id, () => playQuery(services, recording, query));
  for (const sort of Object.keys(recording.sorts))
    yield outcome(`sort ${sort}`, () => playSort(services, recording, sort));
}
