import type { z } from 'zod';
import type { Caller } from './caller';
import { idFilter, inPages, maxPageSize } from './pages';
import { parseResponse } from './parseResponse';
import { wireDeployments } from './schemas/deployment';
import { wireFlows } from './schemas/flow';
import { wireTaskRuns } from './schemas/taskRun';
import type { UpstreamClient } from './upstreamClient';

type OwnerCalls = Pick<UpstreamClient, 'findFlows' | 'findDeployments' | 'findTaskRuns'>;

/** The calls that read what runs belong to: flows, deployments, and the task runs of their parents. */
export function ownerCalls({ call }: Caller): OwnerCalls {
  async function read<Row>(
    schema: z.ZodType<Row[]>,
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Row[]> {
    const response = await call({ method: 'POST', path, body, isRead: true }, signal);
    return parseResponse(schema, response.body, `POST ${path}`);
  }

  /** Reads the rows of these ids, or a page of all rows by name. */
  const find = <Row>(
    schema: z.ZodType<Row[]>,
    noun: 'flows' | 'deployments' | 'task_runs',
    page: { ids: readonly string[] } | { offset: number },
    signal: AbortSignal | undefined,
  ): Promise<Row[]> =>
    'ids' in page
      ? inPages(page.ids, ids =>
          read(schema, `/${noun}/filter`, { [noun]: idFilter(ids), limit: ids.length }, signal),
        )
      : read(
          schema,
          `/${noun}/filter`,
          { sort: 'NAME_ASC', limit: maxPageSize, offset: page.offset },
          signal,
        );

  return {
    findFlows: (page, signal) => find(wireFlows, 'flows', page, signal),
    findDeployments: (page, signal) => find(wireDeployments, 'deployments', page, signal),
    findTaskRuns: (ids, signal) => find(wireTaskRuns, 'task_runs', { ids }, signal),
  };
}
