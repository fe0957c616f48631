import { runChaos } from '../../chaos/chaos';
import { findRedis } from '../databases/redis';
import { missingMysql } from '../databases/testRun';
import { describeWhere } from '../harness/describeWhere';

const seed = 4;

describeWhere(missingMysql(), 'chaos', () => {
  test(`five kills during operations over 1500 runs leave nothing undone, and nothing done twice (seed ${seed})`, async () => {
    const { kills, invariants } = await runChaos({ kills: 5, runs: 1500, seed, say: () => undefined });

    const kinds = new Set(kills.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['gateway', 'mysql', ...(findRedis() ? ['redis'] : []), 'worker']);
    expect(invariants.filter(({ broken }) => broken.length > 0)).toEqual([]);
    expect(invariants.filter(({ checked }) => checked === 0)).toEqual([]);
  }, 240_000);
});
