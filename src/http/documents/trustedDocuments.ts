import { GraphQLError } from 'graphql';

/** Which documents are known by their hashes, and whether others are rejected. */
export interface TrustedDocumentSettings {
  /** The documents by their hashes; undefined for none. */
  readonly documentsByHash: ReadonlyMap<string, string> | undefined;
  /** Whether only these are executed. */
  readonly trustedDocumentsOnly: boolean;
}

/** The parameters of a request that may refer to a document by its hash. */
interface DocumentParams {
  readonly query?: unknown;
  readonly extensions?: unknown;
}

/** Whether a request has a hash and no document. */
export const isPersistedQueryProbe = ({ query, extensions }: DocumentParams): boolean =>
  !query && typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;

const rejection = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });

/** The error after which clients send the document itself and no hash again. */
export const persistedQueryNotSupported = (): GraphQLError =>
  rejection('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');

/** The error for a hash that the manifest does not have: clients send the document itself. */
export const persistedQueryNotFound = (): GraphQLError =>
  rejection('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');

/** The error for a document in place of the hash of a trusted one. */
export const notTrusted = (): GraphQLError =>
  rejection(
    'Only trusted documents are accepted (TRUSTED_DOCUMENTS_ONLY). Send the hash of one in ' +
      'extensions.persistedQuery, {"version": 1, "sha256Hash": "..."}, and no query.',
    'BAD_USER_INPUT',
  );

/** The error for a request with neither a document nor a hash. */
export const documentMissing = (): GraphQLError =>
  rejection('Send a query, or the hash of a trusted document.', 'BAD_USER_INPUT');

function hashOf({ extensions }: DocumentParams): string | null {
  const { persistedQuery } = extensions as { persistedQuery?: { sha256Hash?: unknown } | null };
  const hash = persistedQuery?.sha256Hash;
  return typeof hash === 'string' ? hash : null;
}

/**
 * The document of a request over a WebSocket, which does not pass through `plugins/usePersistedQueries.ts`.
 *
 * @throws GraphQLError if its hash is unknown, or if only trusted documents are accepted and it is none.
 */
export function findDocument(
  params: DocumentParams & { readonly query: string },
  { documentsByHash, trustedDocumentsOnly }: TrustedDocumentSettings,
): string {
  if (!isPersistedQueryProbe(params)) {
    if (trustedDocumentsOnly) throw notTrusted();
    return params.query;
  }
  if (documentsByHash === undefined) throw persistedQueryNotSupported();
  const document = documentsByHash.get(hashOf(params) ?? '');
  if (document === undefined) throw persistedQueryNotFound();
  return document;
}
