import type { Services } from '../../src/app/services';
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

/** Plays every case, query and sort of a recording, one after the other. */
export async function* playRecording(services: Services, recording: Recording): AsyncGenerator<Outcome> {
  if ('cases' in recording) {
    for (const recorded of recording.cases)
      yield outcome(recorded.id, () => playTransition(services, recorded));
    return;
  }
  await putInDataset(services, recording);
  for (const query of recording.queries) yield outcome(query.id, () => playQuery(services, recording, query));
  for (const sort of Object.keys(recording.sorts))
    yield outcome(`sort ${sort}`, () => playSort(services, recording, sort));
}
