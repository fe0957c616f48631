import type { FlowRunFacts } from '../../../src/domain/facts';
import type { DeploymentId, FlowRunId } from '../../../src/domain/identifiers';
import type { MirrorState } from '../../../src/domain/mirror';
import { type StateType, stateTypes } from '../../../src/domain/state';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { MirroredDeploymentEntity } from '../../../src/persistence/entities/mirror';
import type { ProposedMove } from '../../../src/transitions/transitionExecutor';
import { findRefusals, reasonNotToPlan, refusalOfProposal } from '../../../src/upstream/executor/refusals';
import { describeOnDatabases } from '../../harness/databases';
import { idOf } from '../../persistence/sampleRuns';

const switchedOff = idOf<DeploymentId>(70);
const switchedOn = idOf<DeploymentId>(71);
const run = idOf<FlowRunId>(1);

const moveOf = (
  facts: Partial<FlowRunFacts>,
  proposal: ProposedMove['proposal'],
  force: boolean,
  isUndo = false,
): ProposedMove => ({
  run: { id: run, deploymentId: null, stateType: 'FAILED', stateName: 'Failed', ...facts } as FlowRunFacts,
  proposal,
  force,
  isUndo,
});

describe('a proposal', () => {
  test('is refused where the state takes a slot whose lease is not renewed, and only there', () => {
    const refused = stateTypes.filter(type => refusalOfProposal({ type }) !== null);
    expect([...refused].sort()).toEqual(['PENDING', 'RUNNING']);
  });
});

describe('a plan', () => {
  const inPhase = (phase: MirrorState['phase']) => reasonNotToPlan({ phase } as MirrorState);

  test('can be made only while the mirror follows, and the reason says what it does instead', () => {
    expect(inPhase('FOLLOWING')).toBeNull();
    expect(inPhase('BEHIND')).toContain('cannot follow');
    expect(inPhase('WALKING')).toContain('still copying');
    expect(reasonNotToPlan(null)).toContain('still copying');
  });
});

describeOnDatabases(['embedded', 'mysql'], 'a run', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
    await opened.migrate();
    await opened.writer.getRepository(MirroredDeploymentEntity).insert([
      { deploymentId: switchedOff, isLimitActive: false },
      { deploymentId: switchedOn, isLimitActive: true },
    ]);
  });
  afterAll(() => opened.close());

  const refusalOf = async (move: ProposedMove) =>
    (await findRefusals(opened.primary, [move])).get(run) ?? null;

  test('is not moved while the limit of its deployment is switched off, with force or without', async () => {
    for (const force of [false, true]) {
      const proposal = { type: 'CANCELLED' } as const;
      expect(await refusalOf(moveOf({ deploymentId: switchedOff }, proposal, force))).toContain(
        'switched off',
      );
      expect(await refusalOf(moveOf({ deploymentId: switchedOn }, proposal, force))).toBeNull();
    }
  });

  test.each<[StateType, boolean]>([
    ['PENDING', true],
    ['RUNNING', true],
    ['CANCELLING', true],
    ['PAUSED', true],
    ['SCHEDULED', false],
    ['CANCELLED', false],
    ['CRASHED', false],
    ['COMPLETED', false],
  ])(
    'that an undo is to give back to %s is refused: %s; that is forced there, it is not',
    async (type, isRefused) => {
      expect((await refusalOf(moveOf({}, { type }, true, true))) !== null).toBe(isRefused);
      expect(await refusalOf(moveOf({}, { type }, true))).toBeNull();
    },
  );

  test('is not forced to the type and name that it has, and is where only the name differs', async () => {
    const same = 'is in this state already';
    expect(await refusalOf(moveOf({}, { type: 'FAILED' }, true))).toContain(same);
    expect(await refusalOf(moveOf({}, { type: 'FAILED', name: 'Failed' }, true))).toContain(same);
    expect(await refusalOf(moveOf({}, { type: 'FAILED', name: 'TimedOut' }, true))).toBeNull();
    expect(await refusalOf(moveOf({}, { type: 'FAILED' }, false))).toBeNull();
  });

  test('that is refused takes no other with it', async () => {
    const other = moveOf({ id: idOf<FlowRunId>(2) }, { type: 'CANCELLED' }, true);
    const found = await findRefusals(opened.primary, [moveOf({}, { type: 'PAUSED' }, true, true), other]);
    expect([...found.keys()]).toEqual([run]);
  });
});
