import * as fc from 'fast-check';
import { Brackets, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { compileCondition } from '../../../src/persistence/connection/compileCondition';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import { applyFlowRunFilter } from '../../../src/persistence/filter/applyFlowRunFilter';
import { describeOnEveryDatabase } from '../../harness/databases';
import { filters } from '../filter/arbitraries';

const withoutQuotes = (sql: string): string => sql.replaceAll(/["`]/g, '');

describeOnEveryDatabase('a condition for a statement that is written by hand', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
  });
  afterAll(() => opened.close());

  /** The condition as a whole query of TypeORM has it. */
  function asInQuery(restrict: (query: SelectQueryBuilder<ObjectLiteral>) => unknown) {
    const query = opened.writer.createQueryBuilder<ObjectLiteral>(FlowRunEntity, 'run').select('1');
    restrict(query);
    const [sql, parameters] = query.getQueryAndParameters();
    const where = withoutQuotes(sql).indexOf(' WHERE ');
    return { sql: where < 0 ? '' : withoutQuotes(sql).slice(where + ' WHERE '.length), parameters };
  }

  const compile = (restrict: (query: SelectQueryBuilder<ObjectLiteral>) => unknown) =>
    compileCondition<ObjectLiteral>(opened.writer, FlowRunEntity, 'run', query => void restrict(query));

  test('is that of a whole query, for every filter', () => {
    fc.assert(
      fc.property(filters, filter => {
        const restrict = (query: SelectQueryBuilder<ObjectLiteral>) =>
          applyFlowRunFilter(query as SelectQueryBuilder<never>, filter);
        // Literals of the gateway's own have single quotes; texts of clients are parameters.
        expect(compile(restrict)).toEqual(asInQuery(restrict));
      }),
    );
  });

  test('names the columns of its table by the names that they have in the database, and leaves other tables alone', () => {
    const late = new Brackets(query =>
      query.where('run.stateName = :late AND other_run.stateName = 1', { late: 'Late' }),
    );
    expect(compile(query => query.where(late))).toEqual({
      sql: '(run.state_name = ? AND other_run.stateName = 1)',
      parameters: ['Late'],
    });
  });

  test('is empty where nothing is restricted', () => {
    expect(compile(() => undefined)).toEqual({ sql: '', parameters: [] });
  });
});
