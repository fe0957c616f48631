import * as fc from 'fast-check';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import {
  applyFlowRunFilter,
  type FlowRunCondition,
} from '../../../src/persistence/filter/applyFlowRunFilter';
import { compileFlowRunFilter } from '../../../src/persistence/filter/compileFlowRunFilter';
import type { Lookups } from '../../../src/persistence/filter/operators';
import { describeOnEveryDatabase } from '../../harness/databases';
import { filters } from './arbitraries';

/** With the values in their places: TypeORM writes numbers into the text for some databases. */
const withValues = (sql: string, parameters: readonly unknown[]): string => {
  const left = [...parameters];
  const text = sql.replaceAll('?', () => JSON.stringify(left.shift()));
  expect(left).toEqual([]);
  return text;
};

describeOnEveryDatabase('a filter for a statement that is written by hand', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
  });
  afterAll(() => opened?.close());

  /** The condition as a whole query of TypeORM has it. */
  function asInQuery(filter: FlowRunCondition, lookups?: Partial<Lookups>): string {
    const query = opened.writer.createQueryBuilder(FlowRunEntity, 'run').select('1');
    const [quoted, parameters] = applyFlowRunFilter(query, filter, lookups).getQueryAndParameters();
    // Literals of the gateway's own have single quotes; texts of clients are parameters.
    const sql = quoted.replaceAll(/["`]/g, '');
    const where = sql.indexOf(' WHERE ');
    return where < 0 ? '' : withValues(sql.slice(where + ' WHERE '.length), parameters);
  }

  function compiled(filter: FlowRunCondition, lookups?: Partial<Lookups>): string {
    const { sql, parameters } = compileFlowRunFilter(opened.dialect, filter, lookups);
    return withValues(sql, parameters);
  }

  test('is what the filter adds to a query of TypeORM', () => {
    const lookups = fc.record({
      tagLookup: fc.constantFrom('allAtOnce', 'runByRun'),
      currentState: fc.constantFrom('current_state', null),
    }) satisfies fc.Arbitrary<Lookups>;
    fc.assert(
      fc.property(filters, lookups, (filter, read) => {
        expect(compiled(filter, read)).toBe(asInQuery(filter, read));
      }),
    );
  });

  test('is what several filters add together', () => {
    fc.assert(
      fc.property(fc.array(filters, { maxLength: 3 }), several => {
        expect(compiled(several)).toBe(asInQuery(several));
      }),
    );
  });

  test('names the columns of runs as the database does, and leaves those of other tables alone', () => {
    const late = compileFlowRunFilter(
      opened.dialect,
      bind => `run.stateName = ${bind.value('Late')} AND other_run.stateName = 1`,
    );
    expect(late).toEqual({
      sql: 'run.state_name = ? AND other_run.stateName = 1',
      parameters: ['Late'],
    });
  });

  test('has the values in the order of the text, in whatever order they were given', () => {
    const condition = compileFlowRunFilter(opened.dialect, bind => {
      const second = bind.inList(['b', 'c']);
      return `run.name = ${bind.value('a')} OR run.flowVersion ${second}`;
    });
    expect(condition).toEqual({
      sql: 'run.name = ? OR run.flow_version IN (?, ?)',
      parameters: ['a', 'b', 'c'],
    });
  });

  test('is empty where nothing is restricted', () => {
    expect(compileFlowRunFilter(opened.dialect, null)).toEqual({ sql: '', parameters: [] });
  });
});
