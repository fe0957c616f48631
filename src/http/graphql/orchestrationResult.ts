import type { RuleTrace as DomainRuleTrace, Verdict } from '../../domain/decision';
import { detailsTypes } from '../../domain/transition';
import type { OrchestrationResult } from '../../transitions/orchestrationResult';
import { builder, needsRead } from './builder';
import { RuleEffect, SetStateStatus, TransitionCode } from './enums';
import { itemsAtMost } from './fieldCosts';
import { FlowRun } from './flowRun';
import { State } from './state';

type Status = Verdict['status'];
type DetailsOf<Of extends Status> = Extract<Verdict, { status: Of }>;
type Declined = Exclude<Verdict, { status: 'ACCEPT' }>;

const typeDescription = 'The type of the details, as in the REST API.';

const StateDeclinedDetails = builder.interfaceRef<Declined>('StateDeclinedDetails').implement({
  description: 'The details of every verdict but ACCEPT.',
  fields: t => ({
    type: t.string({ description: typeDescription, resolve: ({ status }) => detailsTypes[status] }),
    reason: t.exposeString('reason', { description: 'The reason for people.' }),
    code: t.expose('code', { type: TransitionCode, description: 'The code for programs.' }),
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
  description: 'Nothing was written, and the same call would fail again.',
  interfaces: [StateDeclinedDetails],
});
const StateWaitDetails = builder.objectRef<DetailsOf<'WAIT'>>('StateWaitDetails').implement({
  description: 'Nothing was written; try again after the delay.',
  interfaces: [StateDeclinedDetails],
  fields: t => ({
    delaySeconds: t.exposeInt('delaySeconds', { description: 'Seconds to wait, at most 2147483647.' }),
  }),
});

const typeNames: Record<Status, string> = {
  ACCEPT: 'StateAcceptDetails',
  REJECT: 'StateRejectDetails',
  ABORT: 'StateAbortDetails',
  WAIT: 'StateWaitDetails',
};

export const StateResponseDetails = builder.unionType('StateResponseDetails', {
  description: 'The details of the decision on one run.',
  types: [StateAcceptDetails, StateRejectDetails, StateAbortDetails, StateWaitDetails],
  resolveType: ({ status }) => typeNames[status],
});

const RuleTrace = builder.objectRef<DomainRuleTrace>('RuleTrace').implement({
  description: 'A rule that had an effect.',
  fields: t => ({
    rule: t.exposeString('rule', { description: 'The name of the rule.' }),
    effect: t.expose('effect', { type: RuleEffect, description: 'The effect of the rule.' }),
    note: t.exposeString('note', { nullable: true, description: 'A note for people.' }),
  }),
});

export const FlowRunOrchestrationResult = builder
  .objectRef<OrchestrationResult>('FlowRunOrchestrationResult')
  .implement({
    description: 'The decision on one run.',
    fields: t => ({
      flowRunId: t.expose('flowRunId', { type: 'UUID', description: 'The run.' }),
      status: t.field({
        type: SetStateStatus,
        description: 'The verdict.',
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
        description: 'The state of the run after the decision; null if it has none.',
      }),
      flowRun: t.field({
        type: FlowRun,
        nullable: true,
        description: 'The run as it is now; null if it no longer exists.',
        resolve: ({ flowRunId }, _args, { loaders }) => loaders.flowRun.load(flowRunId),
      }),
      trace: t.field({
        ...itemsAtMost(40),
        type: [RuleTrace],
        description: 'The rules that had an effect, in order.',
        resolve: ({ trace }) => [...trace],
      }),
    }),
  });
