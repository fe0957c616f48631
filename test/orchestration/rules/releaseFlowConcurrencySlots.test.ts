import type { StateType } from '../../../src/domain/state';
import { decide, deployed, deploymentId, leased, run, state, untouched } from '../harness';

const deployment = { concurrencyLimit: 2, activeSlots: 1 };
const world = { deployment, leases: ['lease'] };
const oneSlotFreed = new Map([[deploymentId, -1]]);

describe('ReleaseFlowConcurrencySlots', () => {
  it.each<[StateType, StateType]>([
    ['PENDING', 'SCHEDULED'],
    ['PENDING', 'CANCELLED'],
    ['RUNNING', 'COMPLETED'],
    ['RUNNING', 'PAUSED'],
    ['RUNNING', 'CRASHED'],
    ['CANCELLING', 'CANCELLED'],
  ])('frees the slot and deletes the lease from %s to %s', (from, to) => {
    const { concurrency } = decide(deployed(leased(from)), to, world);
    expect(concurrency).toEqual({ ...untouched, slots: oneSlotFreed, deletedLeases: ['lease'] });
  });

  it('frees the slot of a run without a lease', () => {
    const { concurrency } = decide(deployed('RUNNING'), 'COMPLETED', world);
    expect(concurrency).toEqual({ ...untouched, slots: oneSlotFreed });
  });

  it.each<[StateType, StateType]>([
    ['PENDING', 'RUNNING'],
    ['RUNNING', 'CANCELLING'],
    ['SCHEDULED', 'CANCELLED'],
    ['COMPLETED', 'FAILED'],
  ])('frees nothing from %s to %s', (from, to) => {
    expect(decide(deployed(from), to, world).concurrency).toEqual(untouched);
  });

  it('frees by force as well', () => {
    const { concurrency } = decide(deployed(leased('RUNNING')), 'FAILED', { ...world, force: true });
    expect(concurrency).toEqual({ ...untouched, slots: oneSlotFreed, deletedLeases: ['lease'] });
  });

  it('frees no second slot if the lease ended and its slot was freed then', () => {
    const revoked = { deployment, revoked: ['lease'] };
    for (const force of [false, true]) {
      const { concurrency } = decide(deployed(leased('RUNNING')), 'FAILED', { ...revoked, force });
      expect(concurrency).toEqual({ ...untouched, deletedLeases: ['lease'] });
    }
  });

  it('never frees below zero', () => {
    const empty = { ...world, deployment: { concurrencyLimit: 2, activeSlots: 0 } };
    const { concurrency } = decide(deployed(leased('RUNNING')), 'COMPLETED', empty);
    expect(concurrency).toEqual({ ...untouched, deletedLeases: ['lease'] });
  });

  it.each([
    ['without a limit', { deployment: {} }],
    ['that is missing', { deployment: null }],
  ])('does nothing for a deployment %s', (_which, without) => {
    expect(decide(deployed(leased('RUNNING')), 'COMPLETED', without).concurrency).toEqual(untouched);
  });

  it('does nothing for a run without a deployment', () => {
    expect(decide(run(state('RUNNING')), 'COMPLETED', world).concurrency).toEqual(untouched);
  });

  it('frees nothing if nothing is written', () => {
    expect(decide(deployed(leased('RUNNING')), 'PENDING', world).concurrency).toEqual(untouched);
  });
});
