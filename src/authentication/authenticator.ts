import { SwitchyardError, unauthenticated } from '../domain/errors';
import { type ApiKey, createApiKeyLookup } from './apiKeys';
import { createTokenVerifier } from './jsonWebTokens';
import type { ReportRefusal } from './refusalLog';
import { type Actor, scopes } from './scope';

/** Who may call. Without keys and JWKS address, authentication is off and every caller is `local`. */
export interface AuthenticationSettings {
  readonly apiKeys: readonly ApiKey[];
  readonly jwksUrl?: string | undefined;
  readonly jwtIssuer?: string | undefined;
  readonly jwtAudience?: string | undefined;
}

/**
 * Authenticates a caller by the `Authorization` header of a request (null if absent).
 *
 * @throws SwitchyardError UNAUTHENTICATED, or UNAVAILABLE if a token cannot be verified now.
 */
export type Authenticate = (authorizationHeader: string | null) => Promise<Actor>;

/** Whether callers must authenticate. */
export const isAuthenticationConfigured = (settings: AuthenticationSettings): boolean =>
  settings.apiKeys.length > 0 || settings.jwksUrl !== undefined;

/**
 * The name under which a caller's connections and subscriptions are counted: the actor's name, or the client address
 * if authentication is off.
 */
export const callerName = (
  settings: AuthenticationSettings,
  actor: Actor,
  address: string | undefined,
): string => (isAuthenticationConfigured(settings) || address === undefined ? actor.name : address);

const local: Actor = { name: 'local', scopes: new Set(scopes) };

const tokenOf = (header: string | null): string | undefined => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];

/** The cause of a refusal for the log, without the token. */
const causeOf = ({ message, cause }: SwitchyardError): string =>
  cause instanceof Error ? `${message} ${cause.message}` : message;

/** Creates the function that authenticates callers and reports each refusal with its cause. */
export function createAuthenticator(
  settings: AuthenticationSettings,
  reportRefusal: ReportRefusal = () => undefined,
): Authenticate {
  if (!isAuthenticationConfigured(settings)) return async () => local;

  const findKeyHolder = createApiKeyLookup(settings.apiKeys);
  const verifyToken =
    settings.jwksUrl === undefined
      ? undefined
      : createTokenVerifier({
          jwksUrl: settings.jwksUrl,
          issuer: settings.jwtIssuer,
          audience: settings.jwtAudience,
        });

  const authenticate: Authenticate = async header => {
    const token = tokenOf(header);
    if (token === undefined) throw unauthenticated('Send the header "Authorization: Bearer <key or token>".');
    const keyHolder = findKeyHolder(token);
    if (keyHolder !== null) return keyHolder;
    if (verifyToken === undefined) throw unauthenticated('The key is unknown.');
    return verifyToken(token);
  };

  return async header => {
    try {
      return await authenticate(header);
    } catch (error) {
      if (error instanceof SwitchyardError)
        reportRefusal({ code: error.code, cause: causeOf(error) }, 'a caller was not authenticated');
      throw error;
    }
  };
}
