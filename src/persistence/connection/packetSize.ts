import { format } from 'mysql2';

/** Bytes of a packet beside the statement's text. */
const packetOverhead = 1024;
/** A UTF-16 unit takes at most 3 bytes of UTF-8; one that is escaped, fewer. */
const maxBytesPerUnit = 3;

const tooLarge = (bytes: number, maxBytes: number): Error =>
  Object.assign(new Error(`a statement of ${bytes} bytes is larger than max_allowed_packet (${maxBytes})`), {
    errno: 1153,
    code: 'ER_NET_PACKET_TOO_LARGE',
  });

function unitsOf(sql: string, values: readonly unknown[]): number {
  let units = sql.length;
  for (const value of values) units += typeof value === 'string' ? value.length : maxBytesPerUnit * 8;
  return units;
}

/** Reads the size in bytes of the largest statement that the server accepts. */
export async function readMaxPacket(query: (sql: string) => Promise<[unknown, unknown]>): Promise<number> {
  const [rows] = await query('SELECT @@max_allowed_packet AS bytes');
  return Number((rows as { bytes: string | number }[])[0]?.bytes);
}

/**
 * Checks the size of a statement before it is sent: a server ends the connection on one that is too large, often before it
 * can say why, which looks like a server that cannot be reached.
 *
 * @throws an error of the kind `tooLarge`.
 */
export function checkPacketSize(sql: string, values: unknown[] | undefined, maxBytes: number): void {
  if (unitsOf(sql, values ?? []) * maxBytesPerUnit + packetOverhead <= maxBytes) return;
  const bytes = Buffer.byteLength(format(sql, values as Parameters<typeof format>[1])) + packetOverhead;
  if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
}
