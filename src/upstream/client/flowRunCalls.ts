import { z } from 'zod';
import type { FlowRunId } from '../../domain/identifiers';
import type { Caller } from './caller';
import { idFilter, inPages } from './pages';
import { parseResponse } from './parseResponse';
import { wireFlowRuns } from './schemas/flowRun';
import { wireHistory } from './schemas/history';
import { wireState } from './schemas/state';
import { wholeNumber } from './schemas/values';
import type { UpstreamClient, UpstreamFlowRunQuery } from './upstreamClient';

type FlowRunCalls = Pick<
  UpstreamClient,
  'findFlowRuns' | 'findFlowRunsByIds' | 'countFlowRuns' | 'countByInterval' | 'findStates' | 'deleteFlowRun'
>;

const wireStates = z.array(wireState);
const notFound = 404;

/** The calls that read, count and delete runs. */
export function flowRunCalls({ call }: Caller): FlowRunCalls {
  async function read<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Schema>> {
    const response = await call({ method: 'POST', path, body, isRead: true }, signal);
    return parseResponse(schema, response.body, `POST ${path}`);
  }

  const findFlowRuns = ({ filter, sort, limit, offset = 0 }: UpstreamFlowRunQuery, signal?: AbortSignal) =>
    read(wireFlowRuns, '/flow_runs/filter', { flow_runs: filter, sort, limit, offset }, signal);

  async function exists(id: FlowRunId, signal: AbortSignal | undefined): Promise<boolean> {
    const path = `/flow_runs/${id}`;
    const { status } = await call({ method: 'GET', path, isRead: true, expected: [notFound] }, signal);
    return status !== notFound;
  }

  return {
    findFlowRuns,
    findFlowRunsByIds: (ids, signal) =>
      inPages(ids, page =>
        findFlowRuns({ filter: idFilter(page), sort: 'ID_DESC', limit: page.length }, signal),
      ),
    countFlowRuns: (filter, signal) => read(wholeNumber, '/flow_runs/count', { flow_runs: filter }, signal),
    countByInterval: ({ from, to, seconds }, signal) =>
      read(
        wireHistory,
        '/flow_runs/history',
        { history_start: from, history_end: to, history_interval_seconds: seconds },
        signal,
      ),
    async findStates(id, signal) {
      const { body } = await call(
        { method: 'GET', path: `/flow_run_states/?flow_run_id=${id}`, isRead: true },
        signal,
      );
      const states = parseResponse(wireStates, body, 'GET /flow_run_states');
      // A run that does not exist has no states either.
      return states.length > 0 || (await exists(id, signal)) ? states : null;
    },
    async deleteFlowRun(id, signal) {
      const { status } = await call(
        { method: 'DELETE', path: `/flow_runs/${id}`, isRead: false, expected: [notFound] },
        signal,
      );
      return status !== notFound;
    },
  };
}
