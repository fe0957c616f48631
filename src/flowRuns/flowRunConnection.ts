import { createHash } from 'node:crypto';
import type { FlowRun, FlowRunSort } from '../domain/flowRun';
import type { FlowRunFilter } from '../domain/flowRunFilter';
import { type FlowRunId, isId } from '../domain/identifiers';
import { findFlowRunPage, isSortKey, type Place } from '../persistence/flowRuns/flowRunPages';
import { type Connection, connectionOf, type PageArguments } from '../platform/connection';
import { cursorError, decodeCursor, encodeCursor } from '../platform/cursorText';
import type { Services } from '../transitions/services';
import { countFlowRuns } from './countFlowRuns';

const digestOf = (filter: FlowRunFilter | null): string =>
  createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 12);

const encode = (place: Place, sort: FlowRunSort, digest: string): string =>
  encodeCursor(JSON.stringify([sort, digest, place.key, place.id]));

function partsOf(text: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(text);
    if (Array.isArray(parts) && parts.length === 4) return parts as unknown[];
  } catch {
    // Falls through: text that is no JSON is no cursor either.
  }
  throw cursorError();
}

function decode(cursor: string, sort: FlowRunSort, digest: string): Place {
  const [cursorSort, cursorDigest, key, id] = partsOf(decodeCursor(cursor));
  if (cursorSort !== sort) throw cursorError('is a cursor of another sort; begin anew without it');
  if (cursorDigest !== digest) throw cursorError('is a cursor of another filter; begin anew without it');
  if (typeof id !== 'string' || !isId(id) || !isSortKey(sort, key)) throw cursorError();
  return { key, id: id as FlowRunId };
}

/** One page of the runs that match. Cursors stay valid while runs come and go; with another sort or filter they are refused. */
export async function flowRunConnection(
  services: Services,
  request: PageArguments & {
    filter: FlowRunFilter | null;
    sort: FlowRunSort;
    spend: (bytes: number) => void;
  },
): Promise<Connection<FlowRun>> {
  const { filter, sort, first } = request;
  const digest = digestOf(filter);
  const after = request.after === null ? null : decode(request.after, sort, digest);
  const rows = await services.database.scan('pages', services.database.reader, manager =>
    findFlowRunPage(manager, { filter, sort, limit: first + 1, after, spend: request.spend }),
  );
  return connectionOf(
    rows,
    first,
    after !== null,
    ({ flowRun, place }) => ({ cursor: encode(place, sort, digest), node: flowRun }),
    () => countFlowRuns(services, filter),
  );
}
