import { detailsTypes } from '../../domain/transition';
import type {
  RuleTrace as DomainRuleTrace,
  OrchestrationResult,
  Verdict,
} from '../../transitions/transitionFlowRuns';
import { builder, needsRead } from './builder';
import { itemsAtMost } from './cost';
import { RuleEffect, SetStateStatus, TransitionCode } from './enums';
import { FlowRun } from './flowRun';
import { State } from './state';

type Status = Verdict['status'];
type DetailsOf<Of extends Status> = Extract<Verdict, { status: Of }>;
type Declined = Exclude<Verdict, { status: 'ACCEPT' }>;

const typeDescription = 'The kind of details, as on the wire of the REST call.';

const StateDeclinedDetails = builder.interfaceRef<Declined>('StateDeclinedDetails').implement({
  description: 'What all but an acceptance tell.',
  fields: t => ({
    type: t.string({ description: typeDescription, resolve: ({ status }) => detailsTypes[status] }),
    reason: t.exposeString('reason', { description: 'Why, in words for people.' }),
    code: t.expose('code', { type: TransitionCode, description: 'Why, in a word for programs.' }),
  }),
});

const StateAcceptDetails = builder.objectRef<DetailsOf<'ACCEPT'>>('StateAcceptDetails').implement({
  description: 'The proposed state was written.',
  fields: t => ({
    type: t.string({ description: typeDescription, resolve: ({ status }) => detailsTypes[status] }),
  }),
});
const StateRejectDetails = builder.objectRef<DetailsOf<'REJECT'>>('StateRejectDetails').implement({
  description: 'Another state was written instead of the proposed one, or none.',
  interfaces: [StateDeclinedDetails],
});
const StateAbortDetails = builder.objectRef<DetailsOf<'ABORT'>>('StateAbortDetails').implement({
  description: 'Nothing was written, and asking again will not help as things are.',
  interfaces: [StateDeclinedDetails],
});
const StateWaitDetails = builder.objectRef<DetailsOf<'WAIT'>>('StateWaitDetails').implement({
  description: 'Nothing was written; ask again after the delay.',
  interfaces: [StateDeclinedDetails],
  fields: t => ({
    delaySeconds: t.exposeInt('delaySeconds', { description: 'How long to wait; at most 2147483647.' }),
  }),
});

const typeNames: Record<Status, string> = {
  ACCEPT: 'StateAcceptDetails',
  REJECT: 'StateRejectDetails',
  ABORT: 'StateAbortDetails',
  WAIT: 'StateWaitDetails',
};

export const StateResponseDetails = builder.unionType('StateResponseDetails', {
  description: 'What was decided about one run, and why.',
  types: [StateAcceptDetails, StateRejectDetails, StateAbortDetails, StateWaitDetails],
  resolveType: ({ status }) => typeNames[status],
});

const RuleTrace = builder.objectRef<DomainRuleTrace>('RuleTrace').implement({
  description: 'A rule that spoke.',
  fields: t => ({
    rule: t.exposeString('rule', { description: 'Its name, as in the list of rules.' }),
    effect: t.expose('effect', { type: RuleEffect, description: 'What it did.' }),
    note: t.exposeString('note', { nullable: true, description: 'More about that, in words.' }),
  }),
});

export const FlowRunOrchestrationResult = builder
  .objectRef<OrchestrationResult>('FlowRunOrchestrationResult')
  .implement({
    description: 'What was decided about one run, and why.',
    fields: t => ({
      flowRunId: t.expose('flowRunId', { type: 'UUID', description: 'The run.' }),
      status: t.field({
        type: SetStateStatus,
        description: 'What was decided.',
        resolve: ({ verdict }) => verdict.status,
      }),
      details: t.field({
        type: StateResponseDetails,
        description: 'Why.',
        resolve: ({ verdict }) => verdict,
      }),
      state: t.expose('state', {
        ...needsRead,
        type: State,
        nullable: true,
        description: 'The state the run is in after the decision; null where it has none.',
      }),
      flowRun: t.field({
        type: FlowRun,
        nullable: true,
        description: 'The run as it is now; null where it no longer exists.',
        resolve: ({ flowRunId }, _args, { loaders }) => loaders.flowRun.load(flowRunId),
      }),
      trace: t.field({
        ...itemsAtMost(40),
        type: [RuleTrace],
        description: 'The rules that spoke, in order, and what each did.',
        resolve: ({ trace }) => [...trace],
      }),
    }),
  });
