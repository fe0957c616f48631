import { requestEarly } from '../api/request';
import { RunsPageDocument } from '../generated/graphql';
import { path, query } from '../location/location';
import { readRunsAddress } from './filter/filterInAddress';
import { serverFilterOf } from './filter/serverFilter';
import { pageVariables } from './table/runsPage';

/**
 * Requests the first rows if the page is opened at the runs. The script does this before all else: the gateway looks for
 * the rows while the browser still compiles and renders.
 *
 * @returns what "in the last 24 hours" counts back from in that request; null where nothing is requested.
 */
function requestFirstRows(): Date | null {
  if (path.value !== '/' && path.value !== '/runs') return null;
  const { filter, sort, problems } = readRunsAddress(query.value);
  if (problems.length > 0) return null;
  const now = new Date();
  requestEarly(RunsPageDocument, pageVariables({ filter: serverFilterOf(filter, now), sort }, null));
  return now;
}

let requestedAt = requestFirstRows();

/** The time of a view that begins now: for the first view of the runs, the time of the request that was sent ahead. */
export function startingTime(): Date {
  const time = requestedAt ?? new Date();
  requestedAt = null;
  return time;
}
