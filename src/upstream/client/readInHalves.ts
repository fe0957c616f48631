import type { FlowRunPage } from './upstreamClient';
import { UpstreamError } from './upstreamError';

const internalError = 500;
/** How many rows the server may fail on before it returns any: more are no fault of rows. */
const maxFailuresBeforeRows = 20;

const isAboutRows = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError &&
  error.failure.kind === 'serverError' &&
  error.failure.status === internalError;

/**
 * Reads a page. Where the server fails on it, reads each half of it, until the rows that it fails on are alone: these are passed
 * over. A row that moves within the page meanwhile can be missed; the next walk finds it.
 *
 * @param read reads a part of the page.
 * @throws UpstreamError where the server fails on all rows, or otherwise.
 */
export async function readInHalves(
  read: (part: { offset: number; limit: number }) => Promise<FlowRunPage>,
  page: { offset: number; limit: number },
): Promise<FlowRunPage> {
  let hasRows = false;
  let failures = 0;

  async function readPart(part: { offset: number; limit: number }): Promise<FlowRunPage> {
    try {
      const found = await read(part);
      hasRows ||= found.count > 0;
      return found;
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      if (part.limit > 1) return readHalves(part);
      failures++;
      if (!hasRows && failures >= maxFailuresBeforeRows) throw error;
      return {
        rows: [],
        unreadable: [{ id: null, expectedStartTime: null, detail: error.message }],
        count: 1,
        received: performance.now(),
        characters: 0,
      };
    }
  }

  async function readHalves({ offset, limit }: { offset: number; limit: number }): Promise<FlowRunPage> {
    const half = Math.ceil(limit / 2);
    const first = await readPart({ offset, limit: half });
    if (first.count < half) return first;
    const second = await readPart({ offset: offset + half, limit: limit - half });
    const met = new Set(first.rows.map(({ flowRun }) => flowRun.id));
    return {
      rows: [...first.rows, ...second.rows.filter(({ flowRun }) => !met.has(flowRun.id))],
      unreadable: [...first.unreadable, ...second.unreadable],
      count: first.count + second.count,
      received: second.received,
      characters: first.characters + second.characters,
    };
  }

  return readPart(page);
}
