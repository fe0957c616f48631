/** One request that is sent to a gateway, and what may come of it. */
export interface Call {
  readonly method: string;
  /** Path and query, as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  /** Whether a success may change what the database holds; a refusal never may. */
  readonly mayWrite: boolean;
  /** Whether the response may repeat words of the schema, such as the names of error codes. */
  readonly describesSchema: boolean;
}

const maxShownBytes = 6000;

/** Writes a call as text, for a report. */
export function showCall({ method, target, headers, body }: Call): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const bytes = Buffer.from(body ?? []);
  const text = bytes.toString();
  const shown = Buffer.from(text).equals(bytes) ? text : `(base64) ${bytes.toString('base64')}`;
  return [`${method} ${target}`, ...lines, '', shown.slice(0, maxShownBytes)].join('\n');
}
