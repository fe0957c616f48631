import { objectMaker } from '../entities/objectMaker';

interface Statement {
  /** Whether it gives rows. */
  readonly reader: boolean;
  columns(): { name: string }[];
  /** Whether rows come as lists of values, and not as objects. */
  raw(isRaw: boolean): unknown;
  all(...parameters: unknown[]): unknown[];
}

/** A connection of the embedded database, as its driver hands it over. */
export interface EmbeddedConnection {
  pragma(setting: string): unknown;
  prepare(sql: string): Statement;
}

/**
 * Has every statement of a connection give its rows with the columns named once. The driver by itself passes on a name
 * with each single value, which is a third of the time that reading takes.
 */
export function nameColumnsOnce(connection: EmbeddedConnection): void {
  const prepare = connection.prepare.bind(connection);
  connection.prepare = sql => {
    const statement = prepare(sql);
    if (!statement.reader) return statement;
    const rowOf = objectMaker<unknown[], object>(
      statement.columns().map(({ name }, place) => [name, `input[${place}]`]),
    );
    const all = statement.all.bind(statement);
    statement.all = (...parameters) => {
      statement.raw(true);
      try {
        return (all(...parameters) as unknown[][]).map(rowOf);
      } finally {
        statement.raw(false);
      }
    };
    return statement;
  };
}
