import { Brackets, type SelectQueryBuilder } from 'typeorm';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { FlowRunRow } from '../entities/flowRun';
import { allOf, applyConditions, type ConditionTree, conditionsOf } from './applyConditions';
import { flowRunConditions } from './conditions';
import type { Lookups } from './operators';

/**
 * Which runs: a filter that a client sends, several that must all hold, or a condition of the gateway's own on the alias
 * `run`; null: all.
 */
export type FlowRunCondition = FlowRunFilter | readonly FlowRunFilter[] | Brackets | null;

/** The filters in a condition that clients sent. */
export const filtersIn = (condition: FlowRunCondition): readonly FlowRunFilter[] =>
  condition === null || condition instanceof Brackets ? [] : [condition].flat();

const conditionsOfFilter = (filter: FlowRunCondition): ConditionTree | null =>
  allOf(filtersIn(filter).map(one => conditionsOf(one, flowRunConditions)));

/** Whether a filter has a condition; without one, every run matches. */
export const hasConditions = (filter: FlowRunCondition): boolean =>
  filter instanceof Brackets || conditionsOfFilter(filter) !== null;

/** Restricts a query of runs, under the alias `run`, to those that match. */
export const applyFlowRunFilter = (
  query: SelectQueryBuilder<FlowRunRow>,
  filter: FlowRunCondition,
  lookups?: Partial<Lookups>,
): SelectQueryBuilder<FlowRunRow> =>
  filter instanceof Brackets
    ? query.andWhere(filter)
    : applyConditions(query, conditionsOfFilter(filter), lookups);
