import type { SelectQueryBuilder } from 'typeorm';
import type { FlowRunFilter } from '../../domain/flowRunFilter';
import type { FlowRunRow } from '../entities/flowRun';
import { allOf, applyConditions, conditionsOf } from './applyConditions';
import { flowRunConditions } from './conditions';
import type { Condition, Lookups } from './operators';

/**
 * Which runs: a filter that a client sends, several that must all hold, or a condition of the gateway's own on the alias
 * `run`; null: all.
 */
export type FlowRunCondition = FlowRunFilter | readonly FlowRunFilter[] | Condition | null;

/** The filters in a condition that clients sent. */
export const filtersIn = (condition: FlowRunCondition): readonly FlowRunFilter[] =>
  condition === null || typeof condition === 'function' ? [] : [condition].flat();

/** A condition on runs, as it is written in SQL; null: all runs. */
export const conditionOf = (filter: FlowRunCondition): Condition | null =>
  typeof filter === 'function'
    ? filter
    : allOf(filtersIn(filter).map(one => conditionsOf(one, flowRunConditions)));

/** Whether a filter has a condition; without one, every run matches. */
export const hasConditions = (filter: FlowRunCondition): boolean => conditionOf(filter) !== null;

/** Restricts a query of runs, under the alias `run`, to those that match. */
export const applyFlowRunFilter = (
  query: SelectQueryBuilder<FlowRunRow>,
  filter: FlowRunCondition,
  lookups?: Partial<Lookups>,
): SelectQueryBuilder<FlowRunRow> => applyConditions(query, conditionOf(filter), lookups);
