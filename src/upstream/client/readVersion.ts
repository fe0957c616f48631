import { z } from 'zod';
import type { Caller } from './caller';
import { parseResponse } from './parseResponse';

const version = z.string().regex(/^\d+\.\d+\.\d+/, 'is not a version');

/** Reads the version of a server, such as `3.8.8`. */
export async function readVersion({ call }: Caller, signal?: AbortSignal): Promise<string> {
  const path = '/admin/version';
  const { body } = await call({ method: 'GET', path, isRead: true }, signal);
  return parseResponse(version, body, `GET ${path}`);
}
