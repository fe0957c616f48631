import { z } from 'zod';
import type { Field } from './fields';

/** How conditions or groups are combined. */
const filterOperators = ['AND', 'OR'] as const;
export type FilterOperator = (typeof filterOperators)[number];

/** The operator field: AND by default. */
export const operator = (description: string): Field<FilterOperator> => ({
  kind: 'operator',
  schema: z.enum(filterOperators),
  description,
  byDefault: 'AND',
});

/** Descriptions of conditions that several filters have. */
export const isOne = 'Is one of these; an empty list matches nothing.';
export const isExactly =
  'Is exactly one of these: case, accents and trailing spaces count. An empty list matches nothing.';
export const isNone = 'Has a value, and it is none of these. An empty list is ignored.';
export const holds = 'Holds this text, in whatever case; `%` and `_` are ordinary characters.';
