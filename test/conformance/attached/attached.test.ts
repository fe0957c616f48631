import { missingPrefect } from '../../databases/testRun';
import { describeOnDatabases } from '../../harness/databases';
import { describeWhere } from '../../harness/describeWhere';
import type { TransitionCase } from '../transitions';
import transitions from '../transitions.json';
import { type OpenWorld, openAttachedWorld } from './openAttachedWorld';
import { type AttachedOutcome, playAll } from './playAll';
import { reasonNotToPlay } from './reasonNotToPlay';

const { cases } = transitions as unknown as { cases: TransitionCase[] };
const playable = cases.filter(recorded => reasonNotToPlay(recorded) === null);
/** One of this number of cases is played: few enough for a test. */
const step = 16;

describe('the recorded transitions', () => {
  test('can be set up in a Prefect server, but for those that name why not', () => {
    const reasons = new Map<string, number>();
    for (const reason of cases.map(reasonNotToPlay))
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    expect(Object.fromEntries(reasons)).toEqual({
      'an attached gateway forces no state that a run has already': 24,
      'an attached gateway proposes no PENDING or RUNNING': 491,
      'the server counts a run from its first RUNNING state on': 13,
      'the server makes no run without a state': 114,
    });
    expect(playable.length).toBe(cases.length - 24 - 491 - 13 - 114);
  });
});

describeWhere(missingPrefect(), 'the recorded transitions', () => {
  describeOnDatabases(['embedded'], 'through a gateway that is attached to a Prefect server', database => {
    let world: OpenWorld;
    beforeAll(async () => {
      world = await openAttachedWorld(database.url);
    }, 120_000);
    afterAll(() => world?.close());

    test('give the recorded verdicts, codes and states', async () => {
      const sample = playable.filter((_, index) => index % step === 0);
      const outcomes: AttachedOutcome[] = [];
      await playAll(world, sample, outcome => outcomes.push(outcome));
      expect(outcomes.filter(({ differences }) => differences.length > 0)).toEqual([]);
      expect(outcomes.map(({ id }) => id)).toEqual(sample.map(({ id }) => id));
    }, 240_000);
  });
});
