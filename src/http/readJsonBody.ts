import { type ReadJson, readJsonBytes } from '../domain/jsonText';
import { createOneAtATurn } from '../platform/oneAtATurn';

/** The JSON of a request body. `incomplete` if the client disconnected before all of it arrived. */
export type ReadBody = ReadJson | { kind: 'empty' } | { kind: 'incomplete' };

/** From this size on, a body takes milliseconds to parse and to check. */
const largeBytes = 65_536;

const oneLargeBodyAtATurn = createOneAtATurn();

/**
 * Parses the body of a request; see `readJsonBytes`. Of large bodies that arrive together, one is parsed in a turn of the event
 * loop, so that probes and small requests do not wait for all of them.
 */
export async function readJsonBody(
  request: { arrayBuffer(): Promise<ArrayBuffer> },
  outerDepth: number,
): Promise<ReadBody> {
  let bytes: ArrayBuffer;
  try {
    bytes = await request.arrayBuffer();
  } catch {
    return { kind: 'incomplete' };
  }
  if (bytes.byteLength === 0) return { kind: 'empty' };
  if (bytes.byteLength >= largeBytes) await oneLargeBodyAtATurn();
  return readJsonBytes(bytes, outerDepth);
}
