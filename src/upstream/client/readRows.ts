import { z } from 'zod';
import { detailOf, parseResponse } from './parseResponse';
import { UpstreamError } from './upstreamError';

/** A row that is not as the API promises. */
interface UnreadRow {
  wire: unknown;
  /** What is wrong: the first field that is, without its value. */
  detail: string;
  /** Its place in the list. */
  index: number;
}

const wireList = z.array(z.unknown());

/**
 * Reads a list row by row: one that is not as the API promises takes no other with it.
 *
 * @param call names the call in the message.
 * @throws UpstreamError `malformed` where it is no list.
 */
export function readRows<Row>(
  schema: z.ZodType<Row>,
  body: unknown,
  call: string,
): { rows: Row[]; unread: UnreadRow[] } {
  const rows: Row[] = [];
  const unread: UnreadRow[] = [];
  for (const [index, wire] of parseResponse(wireList, body, call).entries()) {
    const result = schema.safeParse(wire);
    if (result.success) rows.push(result.data);
    else unread.push({ wire, detail: detailOf(result.error), index });
  }
  return { rows, unread };
}

/**
 * Reads what names a row that cannot be read.
 *
 * @throws UpstreamError `malformed` where that cannot be read either.
 */
export function readKey<Key>(schema: z.ZodType<Key>, { wire, detail, index }: UnreadRow, call: string): Key {
  const key = schema.safeParse(wire);
  if (key.success) return key.data;
  throw new UpstreamError(`${call}: ${index}.${detail}`, { kind: 'malformed', detail: `${index}.${detail}` });
}
