import { type MirrorState, mirrorPhases } from '../../domain/mirror';
import { countFlowRuns } from '../../flowRuns/countFlowRuns';
import { builder } from './builder';
import { describedValues } from './enums';

const MirrorPhase = builder.enumType('MirrorPhase', {
  description: 'How far the copy of the runs of a Prefect server is.',
  values: describedValues(mirrorPhases),
});

export const Mirror = builder.objectRef<MirrorState>('Mirror').implement({
  description: 'The copy of the runs of the Prefect server that the gateway is attached to.',
  fields: t => ({
    phase: t.expose('phase', { type: MirrorPhase, description: 'How far it is.' }),
    runs: t.int({
      description: 'The number of runs in it.',
      resolve: (_mirror, _arguments, { services }) => countFlowRuns(services, null),
    }),
    lagSeconds: t.exposeFloat('lagSeconds', {
      nullable: true,
      description:
        'Seconds from a change in the server to its arrival here, as last measured; null until then.',
    }),
    lastSweep: t.expose('lastSweep', {
      type: 'DateTime',
      nullable: true,
      description: 'When changes without an event were last looked for.',
    }),
    lastWalk: t.expose('lastWalk', {
      type: 'DateTime',
      nullable: true,
      description: 'When all runs were last compared.',
    }),
    mispredicted: t.exposeInt('mispredicted', {
      description: 'How many transitions the server decided otherwise than the rules here predicted.',
    }),
    unreadable: t.exposeInt('unreadable', {
      description:
        'How many runs of the server cannot be read or stored, as far as their ids are known. Their copies stay as they were, and the log names them.',
    }),
  }),
});
