import type { Services } from '../../src/transitions/services';
import { type FilterRecording, playQuery, playSort, putInDataset } from './filters';
import { playTransition, type TransitionCase } from './transitions';

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

// Each case has its own runs and deployments, and a server spends most of a case's time on making commits durable. The
// embedded database has one connection that writes: there, cases would only make each other late.
const casesAtOnce = { embedded: 1, mysql: 4, mariadb: 4 } as const;

/** Runs every case, query and sort of a recording; returns the results in its order. */
export async function* playRecording(services: Services, recording: Recording): AsyncGenerator<Outcome> {
  if ('cases' in recording) {
    const atOnce = casesAtOnce[services.database.kind];
    for (let from = 0; from < recording.cases.length; from += atOnce) {
      const together = recording.cases.slice(from, from + atOnce);
      yield* await Promise.all(
        together.map(recorded => outcome(recorded.id, () => playTransition(services, recorded))),
      );
    }
    return;
  }
  await putInDataset(services, recording);
  for (const query of recording.queries) yield outcome(query.id, () => playQuery(services, recording, query));
  for (const sort of Object.keys(recording.sorts))
    yield outcome(`sort ${sort}`, () => playSort(services, recording, sort));
}
