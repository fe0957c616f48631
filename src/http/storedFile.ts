import { createHash } from 'node:crypto';
import type { FetchAPI } from 'graphql-yoga';
import { acceptsEncoding } from './acceptsEncoding';

/** How a file can be sent, the smallest form first. */
export const contentEncodings = ['br', 'gzip', 'identity'] as const;
/** The name of such a form, as HTTP has it. */
export type ContentEncoding = (typeof contentEncodings)[number];

/** The content of a file in each form in which it is sent. */
type StoredContent = ReadonlyMap<ContentEncoding, Uint8Array<ArrayBuffer>>;

/** A file that is the same for all clients. */
export interface StoredFile {
  readonly contentType: string;
  readonly etag: string;
  readonly content: StoredContent;
}

/** A file with the ETag of its content. */
export function storedFile(contentType: string, content: StoredContent): StoredFile {
  const hash = createHash('sha256').update(content.get('identity') ?? '');
  return { contentType, content, etag: `"${hash.digest('base64url').slice(0, 22)}"` };
}

/** The response with a file in the smallest form that the client accepts; 304 without it if the client has it. */
export function storedFileResponse(
  file: StoredFile,
  request: Request,
  moreHeaders: Readonly<Record<string, string>>,
  fetchAPI: FetchAPI,
): Response {
  const headers = {
    ...moreHeaders,
    'content-type': file.contentType,
    etag: file.etag,
    vary: 'Accept-Encoding',
  };
  if (request.headers.get('if-none-match')?.includes(file.etag))
    return new fetchAPI.Response(null, { status: 304, headers });
  const accepted = request.headers.get('accept-encoding');
  const isSent = (name: ContentEncoding) => file.content.has(name) && acceptsEncoding(accepted, name);
  const encoding = contentEncodings.find(isSent) ?? 'identity';
  const content = file.content.get(encoding);
  return new fetchAPI.Response(content, {
    headers: {
      ...headers,
      'content-length': String(content?.length),
      ...(encoding !== 'identity' && { 'content-encoding': encoding }),
    },
  });
}
