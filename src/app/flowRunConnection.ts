import { createHash } from 'node:crypto';
import { badUserInput } from '../domain/errors';
import type { FlowRun, FlowRunSort } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import type { FlowRunId } from '../domain/identifiers';
import type { Source } from '../persistence/database';
import { compileFlowRunFilter } from '../persistence/filter/compile';
import { countFlowRuns, findFlowRunPage, type Place } from '../persistence/flowRunPages';
import { type Connection, connectionOf, type PageArguments } from './connection';
import type { Services } from './services';

const digestOf = (filter: FlowRunFilter | null): string =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 12);

const encode = (place: Place, sort: FlowRunSort, digest: string): string =>
  Buffer.from(JSON.stringify([sort, digest, place.key, place.id])).toString('base64url');

function decode(cursor: string, sort: FlowRunSort, digest: string): Place {
  const refuse = (message: string) => badUserInput([{ path: ['after'], message }]);
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refuse('is not a cursor of this list');
  }
  if (!Array.isArray(parts) || parts.length !== 4) throw refuse('is not a cursor of this list');
  const [cursorSort, cursorDigest, key, id] = parts as unknown[];
  if (cursorSort !== sort) throw refuse('is a cursor of another sort; begin anew without it');
  if (cursorDigest !== digest) throw refuse('is a cursor of another filter; begin anew without it');
  if (typeof id !== 'string' || (key !== null && typeof key !== 'string'))
    throw refuse('is not a cursor of this list');
  return { key, id: id as FlowRunId };
}

/** One page of the runs that match. Cursors stay valid while runs come and go; with another sort or filter they are refused. */
export async function flowRunConnection(
  { database }: Services,
  source: Source,
  request: PageArguments & { filter: FlowRunFilter | null; sort: FlowRunSort },
): Promise<Connection<FlowRun>> {
  const { sort, first } = request;
  const filter = compileFlowRunFilter(request.filter, database.dialect);
  const digest = digestOf(request.filter);
  const after = request.after === null ? null : decode(request.after, sort, digest);
  const rows = await findFlowRunPage(source, { filter, sort, limit: first + 1, after });
  return connectionOf(
    rows,
    first,
    after !== null,
    ({ flowRun, place }) => ({ cursor: encode(place, sort, digest), node: flowRun }),
    () => countFlowRuns(source, filter),
  );
}
