import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { type Raw, type RawRow, type RowOf, rowReader, type TableSchema } from '../entities/columns';
import { dialectOf, kindOf } from './dialect';
import { columnsOf, type SelectList, selectList } from './selectList';
import type { SqlExecutor } from './statements';

/** A statement's text, and for each `?` the name of its parameter, or a value that is always the same. */
interface FixedText<Name> {
  sql: string;
  parameters: readonly ({ name: Name } | { value: unknown })[];
}

interface FixedStatement<Name> extends FixedText<Name> {
  list: SelectList;
}

/** Stands for a parameter while the text is made: a string, because TypeORM writes numbers into the text itself. */
const placeholder = (name: string): string => `the value of ${name}`;

function textOf<Row extends object, Name extends string>(
  query: SelectQueryBuilder<Row>,
  names: readonly Name[],
): FixedText<Name> {
  query.setParameters(Object.fromEntries(names.map(name => [name, placeholder(name)])));
  const [sql, values] = query.getQueryAndParameters();
  const nameOf = new Map(names.map(name => [placeholder(name), name]));
  const parameters = values.map((value: unknown) => {
    const name = nameOf.get(String(value));
    return name === undefined ? { value } : { name };
  });
  return { sql, parameters };
}

/** Sends a SELECT with these values for its parameters, and returns the rows. */
type FixedSelect<Row, Name extends string> = (
  connection: SqlExecutor,
  values: Readonly<Record<Name, Raw>>,
) => Promise<Row[]>;

/**
 * A SELECT of a table's rows that is the same in every call but for the values of its parameters. Its text is put together once
 * for each database: the query builder takes longer for it than the statement itself does on the embedded database, and such
 * statements run in each turn of a worker (`npm run bench -- persistence`).
 *
 * @param names the parameters, written `:name` in the conditions. Each has one value, in the form in which databases have it.
 * @param restrict adds conditions, order, limit and lock to a query of the table, which is called `alias`.
 * @param only the properties that are read; all by default.
 */
export function fixedSelect<
  Columns extends object,
  Name extends string,
  Property extends keyof Columns = keyof Columns,
>(
  schema: TableSchema<Columns>,
  alias: string,
  names: readonly Name[],
  restrict: (query: SelectQueryBuilder<RowOf<Columns>>) => unknown,
  only: readonly Property[] = Object.keys(schema.columns) as Property[],
): FixedSelect<Pick<RowOf<Columns>, Property>, Name> {
  const columns = Object.fromEntries(only.map(property => [property, schema.columns[property]]));
  const readRow = rowReader(columns) as (row: RawRow) => Pick<RowOf<Columns>, Property>;
  const statements = new WeakMap<DataSource, FixedStatement<Name>>();

  function statementFor(dataSource: DataSource): FixedStatement<Name> {
    const known = statements.get(dataSource);
    if (known !== undefined) return known;
    const list = selectList(dialectOf(kindOf(dataSource)), columnsOf(alias, columns));
    const query = dataSource.getRepository(schema).createQueryBuilder(alias).select(list.sql);
    restrict(query);
    const statement = { ...textOf(query, names), list };
    statements.set(dataSource, statement);
    return statement;
  }

  return async (connection, values) => {
    const { sql, parameters, list } = statementFor(connection.getRepository(schema).manager.dataSource);
    const rows = await connection.query<RawRow[]>(
      sql,
      parameters.map(parameter => ('name' in parameter ? values[parameter.name] : parameter.value)),
    );
    return rows.map(row => readRow(list.read(row)));
  };
}
