import type { ObjectLiteral } from 'typeorm';
import type { Raw } from '../entities/columns';

/** An SQL expression and the values of its named parameters. */
interface Expression {
  sql: string;
  parameters: ObjectLiteral;
}

/** An expression that has one value for each id, for an UPDATE of rows that get different values. */
export function caseById(values: ReadonlyMap<string, Raw>): Expression {
  const entries = [...values];
  const cases = entries.map((_, index) => `WHEN :id${index} THEN :value${index}`);
  const parameters = entries.flatMap(([id, value], index) => [
    [`id${index}`, id],
    [`value${index}`, value],
  ]);
  return {
    sql: `CASE id ${cases.join(' ')} END`,
    parameters: Object.fromEntries(parameters) as ObjectLiteral,
  };
}
