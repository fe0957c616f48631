import { CommandError, exitCodes, UnreachableError, UsageError } from './errors';
import { isPrefectServer } from './isPrefectServer';

/** Where the gateway is, and how to authenticate there. */
interface Gateway {
  /** The address as the caller wrote it, with or without `/graphql`. */
  readonly url: string;
  readonly apiKey: string | undefined;
}

interface WireError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly issues?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  };
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly WireError[];
}

/** Sends a document with its variables, and returns the data. */
export type Request = <Data>(
  document: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Data>;

function endpointOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url: must be an address such as http://127.0.0.1:4200 (got ${address})`);
  if (!url.pathname.endsWith('/graphql')) url.pathname = `${url.pathname.replace(/\/$/, '')}/graphql`;
  return url;
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? String(error);
}

function errorOf(errors: readonly WireError[], hasKey: boolean): CommandError {
  const [first] = errors;
  const code = first?.extensions?.code ?? 'INTERNAL_ERROR';
  const issues = (first?.extensions?.issues ?? [])
    // The message of an error with one issue ends with it.
    .filter(({ message }) => first?.message.endsWith(message) !== true)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  const text = [`${code}: ${first?.message ?? 'an error without a message'}`, ...issues].join('\n  ');
  if (code === 'UNAUTHENTICATED') {
    const advice = hasKey
      ? 'Check the key in SWITCHYARD_API_KEY.'
      : 'Set SWITCHYARD_API_KEY to a key or token.';
    return new CommandError(`${text}\n${advice}`, exitCodes.notAuthorised);
  }
  if (code === 'UNAVAILABLE') return new UnreachableError(text);
  return new CommandError(text, code === 'FORBIDDEN' ? exitCodes.notAuthorised : exitCodes.failure);
}

interface Received {
  readonly status: number;
  readonly text: string;
}

/** A gateway that stops may do so before the response, or in the middle of it. */
async function send(url: URL, headers: Record<string, string>, body: string): Promise<Received> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new UnreachableError(
      `No gateway responds at ${url.href} (${reasonOf(error)}). Start one with "switchyard serve", or check --url or SWITCHYARD_URL.`,
    );
  }
}

/** What to report where something else than a gateway responds. */
async function errorOfOther(status: number, url: URL): Promise<CommandError> {
  // A gateway has the version route of Prefect too, but not without /graphql. With its web pages, Prefect responds with 405.
  const hasNoGraphql = url.pathname === '/graphql' && [404, 405].includes(status);
  if (hasNoGraphql && (await isPrefectServer(url)))
    return new CommandError(
      `${url.origin} is a Prefect server: name the gateway with --url or SWITCHYARD_URL.`,
    );
  return new CommandError(
    `${url.href} responds with ${status}, but not as a gateway does. Check --url or SWITCHYARD_URL.`,
  );
}

async function bodyOf<Data>(status: number, text: string, url: URL): Promise<Body<Data>> {
  try {
    const body = JSON.parse(text) as Body<Data> | null;
    if (body?.data !== undefined || Array.isArray(body?.errors)) return body;
  } catch {
    // Reported below, as any response that is not GraphQL.
  }
  throw await errorOfOther(status, url);
}

/**
 * Creates the client of a gateway.
 *
 * @throws UsageError for an address that is not one. The requests throw CommandError: for a gateway that cannot be
 * reached, an address at which something else responds, and every error of the response.
 */
export function createRequest({ url, apiKey }: Gateway): Request {
  const endpoint = endpointOf(url);
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
  return async <Data>(query: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const { status, text } = await send(endpoint, headers, JSON.stringify({ query, variables }));
    const { data, errors } = await bodyOf<Data>(status, text, endpoint);
    if (errors !== undefined || data === undefined || data === null)
      throw errorOf(errors ?? [], apiKey !== undefined);
    return data;
  };
}
