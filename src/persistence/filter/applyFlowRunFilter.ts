import { Brackets, type SelectQueryBuilder } from 'typeorm';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { FlowRunRow } from '../entities/flowRun';
import { applyConditions, type ConditionTree, conditionsOf } from './applyConditions';
import { flowRunConditions } from './conditions';
import type { TagLookup } from './operators';

/** Which runs: a filter that a client sends, or a condition of the gateway's own on the alias `run`; null: all. */
export type FlowRunCondition = FlowRunFilter | Brackets | null;

const conditionsOfFilter = (filter: FlowRunFilter | null): ConditionTree | null =>
  filter === null ? null : conditionsOf(filter, flowRunConditions);

/** Whether a filter has a condition; without one, every run matches. */
export const hasConditions = (filter: FlowRunCondition): boolean =>
  filter instanceof Brackets || conditionsOfFilter(filter) !== null;

/** Restricts a query of runs, under the alias `run`, to those that match. */
export const applyFlowRunFilter = (
  query: SelectQueryBuilder<FlowRunRow>,
  filter: FlowRunCondition,
  tagLookup?: TagLookup,
): SelectQueryBuilder<FlowRunRow> =>
  filter instanceof Brackets
    ? query.andWhere(filter)
    : applyConditions(query, conditionsOfFilter(filter), tagLookup);
