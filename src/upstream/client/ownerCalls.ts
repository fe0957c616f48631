import { z } from 'zod';

import type { Caller } from './caller';
import { idFilter, inPages, maxPageSize } from './pages';
import { readKey, readRows } from './readRows';
import { wireDeployment } from './schemas/deployment';
import { wireFlow } from './schemas/flow';
import { wireTaskRun } from './schemas/taskRun';
import { idOf } from './schemas/values';
import type { UnreadableRuns } from './unreadableRuns';
import type { ReadRows, UpstreamClient } from './upstreamClient';

type OwnerCalls = Pick<UpstreamClient, 'findFlows' | 'findDeployments' | 'findTaskRuns'>;

/** The calls that read what runs belong to: flows, deployments, and the task runs of their parents. */
export function ownerCalls({ call }: Caller, reports: UnreadableRuns): OwnerCalls {
  async function read<Row, Id extends string>(
    schema: z.ZodType<Row>,
    noun: string,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<ReadRows<Row, Id>> {
    const path = `/${noun}/filter`;
    const response = await call({ method: 'POST', path, body, isRead: true }, signal);
    const { rows, unread } = readRows(schema, response.body, `POST ${path}`);
    const unreadable = unread.map(row => {
      const { id } = readKey(z.object({ id: idOf<Id>() }), row, `POST ${path}`);
      reports.noteUnnamed(`${noun} ${id}`, row.detail);
      return id;
    });
    return { rows, unreadable };
  }

  /** Reads the rows of these ids, or a page of all rows by name. */
  const find = <Row, Id extends string>(
    schema: z.ZodType<Row>,
    noun: 'flows' | 'deployments' | 'task_runs',
    page: { ids: readonly Id[] } | { offset: number },
    signal: AbortSignal | undefined,
  ): Promise<ReadRows<Row, Id>> =>
    'ids' in page
      ? inPages(page.ids, ids =>
          read<Row, Id>(schema, noun, { [noun]: idFilter(ids), limit: ids.length }, signal),
        )
      : read(schema, noun, { sort: 'NAME_ASC', limit: maxPageSize, offset: page.offset }, signal);

  return {
    findFlows: (page, signal) => find(wireFlow, 'flows', page, signal),
    findDeployments: (page, signal) => find(wireDeployment, 'deployments', page, signal),
    findTaskRuns: (ids, signal) => find(wireTaskRun, 'task_runs', { ids }, signal),
  };
}
