import * as fc from 'fast-check';
import { Brackets } from 'typeorm';
import type { FlowRunId } from '../../../src/domain/identifiers';
import { compileCondition } from '../../../src/persistence/connection/compileCondition';
import { type Database, openDatabase } from '../../../src/persistence/connection/database';
import { FlowRunEntity } from '../../../src/persistence/entities/flowRun';
import {
  applyFlowRunFilter,
  type FlowRunCondition,
} from '../../../src/persistence/filter/applyFlowRunFilter';
import { compileFlowRunFilter } from '../../../src/persistence/filter/hotFlowRunFilter';
import { describeOnEveryDatabase } from '../../harness/databases';
import { idOf } from '../sampleRuns';
import { filters } from './arbitraries';

describeOnEveryDatabase('compiling a filter for a statement that is written by hand', database => {
  let opened: Database;
  beforeAll(async () => {
    opened = await openDatabase({ url: database.url });
  });
  afterAll(() => opened.close());

  const lookups = { currentState: 'current_state' } as const;
  const compiled = (filter: FlowRunCondition) => compileFlowRunFilter(opened.writer, filter, lookups);
  const asQueryBuilder = (filter: FlowRunCondition) =>
    compileCondition(opened.writer, FlowRunEntity, 'run', query =>
      applyFlowRunFilter(query, filter, lookups),
    );
  const withoutQuotes = ({ sql, parameters }: ReturnType<typeof compiled>) => ({
    sql: sql.replaceAll(/["`]/g, ''),
    parameters,
  });

  test('returns what TypeORM’s query builder makes of each filter, but for the quotes around names', () => {
    fc.assert(
      fc.property(filters, filter => {
        // Literals of our own have single quotes; texts of clients are parameters.
        expect(withoutQuotes(compiled(filter))).toEqual(withoutQuotes(asQueryBuilder(filter)));
      }),
    );
  });

  test('returns the same for several filters that must all hold, and for none', () => {
    const several = [{ id: { any: [idOf<FlowRunId>(1)] } }, { state: { name: { any: ['Late'] } } }];

    expect(withoutQuotes(compiled(several))).toEqual(withoutQuotes(asQueryBuilder(several)));
    expect(compiled(null)).toEqual({ sql: '', parameters: [] });
    expect(compiled({})).toEqual({ sql: '', parameters: [] });
  });

  test('compiles a condition of the gateway’s own', () => {
    const late = new Brackets(query => query.where('run.stateName = :late', { late: 'Late' }));

    expect(withoutQuotes(compiled(late))).toEqual({ sql: '(run.state_name = ?)', parameters: ['Late'] });
  });
});
