import type { SocketRejection } from './rejectSocket';

/** The response to bytes that Node's parser rejects, by the error code. */
export function rejectionOfParserError({ code }: NodeJS.ErrnoException): SocketRejection {
  const headers = { Connection: 'close' };
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        code: 'BAD_USER_INPUT',
        message: 'The headers of the request are too large.',
        headers,
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        status: 413,
        code: 'BAD_USER_INPUT',
        message: 'The chunks of the body are malformed.',
        headers,
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, code: 'TIMEOUT', message: 'The request took too long to arrive.', headers };
    case undefined:
    default:
      return { status: 400, code: 'BAD_USER_INPUT', message: 'The request is malformed.', headers };
  }
}
