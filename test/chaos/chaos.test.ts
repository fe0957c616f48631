import { runChaos } from '../../chaos/chaos';
import { currentTestRun } from '../databases/testRun';

const seed = 4;

if (currentTestRun().startable.includes('mysql')) {
  test(`four kills during operations over 1500 runs leave nothing undone, and nothing done twice (seed ${seed})`, async () => {
    const { kills, invariants } = await runChaos({ kills: 4, runs: 1500, seed, say: () => undefined });

    expect(kills.map(({ kind }) => kind).sort()).toEqual(['gateway', 'mysql', 'worker', 'worker']);
    expect(invariants.filter(({ broken }) => broken.length > 0)).toEqual([]);
    expect(invariants.filter(({ checked }) => checked === 0)).toEqual([]);
  }, 240_000);
} else test.todo('chaos: this run has no MySQL server that it can start');
