import type { RequestRejection } from '../errors/requestRejection';

/** A key or token and five parameters take less. */
const maxBytes = 16_384;

const reject = (status: number, message: string): RequestRejection => ({
  status,
  code: 'BAD_USER_INPUT',
  message,
});

/** The reason to reject a form before its body is read; null if there is none. */
function faultIn(headers: Headers): RequestRejection | null {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(headers.get('content-type') ?? ''))
    return reject(415, 'Send a form, with the header "Content-Type: application/x-www-form-urlencoded".');
  const length = headers.get('content-length');
  if (length === null || Number(length) > maxBytes)
    return reject(413, `The form must declare its Content-Length and may have at most ${maxBytes} bytes.`);
  return null;
}

/** Reads the fields of a small form, as browsers send it; or returns why it is rejected. */
export async function readForm(request: Request): Promise<URLSearchParams | RequestRejection> {
  const fault = faultIn(request.headers);
  if (fault !== null) return fault;
  try {
    return new URLSearchParams(await request.text());
  } catch {
    return reject(400, 'The body of the request broke off.');
  }
}
