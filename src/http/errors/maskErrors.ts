import { GraphQLError, Kind } from 'graphql';
import type { ReportRefusal } from '../../authentication';
import { type InputIssue, SwitchyardError, shortened, shortIssue } from '../../domain/errors';
import type { Logger } from '../../platform/logging';
import { graphqlStatuses, isPublicErrorCode, type PublicErrorCode } from './graphqlStatuses';

interface VisibleError {
  readonly code: PublicErrorCode;
  readonly message: string;
  readonly issues?: readonly InputIssue[];
}

/** The original error, without the errors that only locate it. */
function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;
}

// graphql-js itself throws these errors for a document or its variables: they have a location and no field. Errors
// with a path and a field are thrown by resolvers.
function isAboutTheDocument(error: GraphQLError): boolean {
  if (error.path === undefined) return true;
  const original = innermost(error);
  const nodes = original instanceof GraphQLError ? original.nodes : undefined;
  return nodes !== undefined && nodes.length > 0 && nodes.every(node => node.kind !== Kind.FIELD);
}

const variableProblem = /^Variable "\$\w+" got invalid value .* at "([^"]+)"; (.*)$/s;
const variableName = /^Variable "\$(\w+)" (.*)$/s;

/** Where a value is invalid: graphql-js reports the position in a variable only in its message. */
function issueOf({ message, path = [], extensions }: GraphQLError): InputIssue {
  const [located] = (extensions.issues ?? []) as readonly InputIssue[];
  if (located !== undefined) return located;
  const [, location, problem] = variableProblem.exec(message) ?? variableName.exec(message) ?? [];
  if (location === undefined || problem === undefined) return { path, message };
  const parts = location.match(/[^.[\]]+/g) ?? [];
  return { path: parts.map(part => (/^\d+$/.test(part) ? Number(part) : part)), message: problem };
}

/** What the caller may see of an error that `original` caused; null for nothing. */
function visibleError(error: unknown, original: unknown): VisibleError | null {
  if (original instanceof SwitchyardError) {
    const { code, message, issues } = original;
    const places = issues.map(({ path, message: problem }) => ({ path, message: problem }));
    return { code, message, ...(places.length > 0 && { issues: places }) };
  }
  if (!(error instanceof GraphQLError)) return null;
  const { code } = original instanceof GraphQLError ? original.extensions : error.extensions;
  if (isPublicErrorCode(code) && code !== 'INTERNAL_ERROR' && code !== 'BAD_USER_INPUT') {
    return { code, message: error.message };
  }
  if (code !== 'BAD_USER_INPUT' && !isAboutTheDocument(error)) return null;
  return { code: 'BAD_USER_INPUT', message: shortened(error.message), issues: [shortIssue(issueOf(error))] };
}

/** Information for Yoga about a response that contains only the error. It is not sent. */
function httpOf(error: unknown, code: PublicErrorCode): Record<string, unknown> | undefined {
  if (error instanceof GraphQLError) {
    if (error.path !== undefined) return undefined;
    const { http, code: given } = error.extensions;
    // Yoga's code for a malformed request, with status 400 for every client. A well-formed request receives 200.
    const spec = given === 'BAD_REQUEST' ? { spec: false } : {};
    if (typeof http === 'object' && http !== null) return { ...http, ...spec };
  }
  const status = graphqlStatuses[code];
  if (code === 'UNAUTHENTICATED') return { status, headers: { 'www-authenticate': 'Bearer' } };
  return { status, spec: code === 'BAD_USER_INPUT' };
}

/** Yoga's `maskedErrors.maskError`: converts a thrown error to what the caller receives. */
export type MaskError = (error: unknown) => GraphQLError;

/**
 * Passes on the errors that callers may see: ours, those with one of our codes, and those of graphql-js about a
 * document or its variables. All others become "Unexpected error." and are logged with their stack.
 *
 * @param reportRefusal reports each caller who lacks a scope.
 * @param toClientError converts errors with a meaning for the caller and returns all others unchanged.
 * @param reportUnavailable logs an error with the code UNAVAILABLE.
 */
export function createMaskError(
  logger: Logger,
  toClientError: (error: unknown) => unknown,
  reportUnavailable: (what: string, error: unknown) => void,
  reportRefusal: ReportRefusal = () => undefined,
): MaskError {
  return error => {
    const original = toClientError(innermost(error));
    const visible = visibleError(error, original);
    if (visible === null) logger.error({ err: original }, 'Unexpected error');
    else if (visible.code === 'UNAVAILABLE' && original instanceof SwitchyardError)
      reportUnavailable('a request failed', original);
    if (visible?.code === 'FORBIDDEN')
      reportRefusal({ code: visible.code, cause: visible.message }, 'a caller lacks a scope');
    const { code, message, issues } = visible ?? { code: 'INTERNAL_ERROR', message: 'Unexpected error.' };
    const http = httpOf(error, code);
    const { nodes, source, positions, path } = error instanceof GraphQLError ? error : {};
    return new GraphQLError(message, {
      nodes,
      source,
      positions,
      path,
      extensions: { code, ...(issues && { issues }), ...(http && { http }) },
    });
  };
}
