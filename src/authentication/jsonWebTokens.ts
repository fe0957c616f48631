import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { SwitchyardError, unauthenticated, unavailable } from '../domain/errors';
import { findInvalidText } from '../domain/textIntegrity';
import { type Actor, grantedScopes } from './scope';

/** Which tokens are trusted. */
export interface TokenTrust {
  /** Where the issuer publishes its keys. */
  readonly jwksUrl: string;
  /** What `iss` must say; undefined: anything. */
  readonly issuer?: string | undefined;
  /** What `aud` must contain; undefined: anything. */
  readonly audience?: string | undefined;
}

// Signatures that only the issuer can make: with a shared secret, whoever checks tokens could also make them.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const failuresOfTheEndpoint: readonly string[] = [
  errors.JOSEError.code,
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
];

const isFaultOfTheToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError && !failuresOfTheEndpoint.includes(error.code);

const texts = (claim: unknown): string[] => {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter(item => typeof item === 'string') : [];
};

const scopeWords = (claims: JWTPayload): string[] => [...texts(claims.scope), ...texts(claims.scopes)];

/** The longest name of an actor: that of the column in which operations store it. */
const maxSubjectLength = 255;

/** What is wrong with a subject, of whatever type the issuer sent it; null: nothing. */
function subjectFault(subject: unknown): string | null {
  if (typeof subject !== 'string') return 'must be text';
  const { length } = Array.from(subject);
  if (length === 0 || length > maxSubjectLength) return `must have 1 to ${maxSubjectLength} characters`;
  return findInvalidText(subject)?.message ?? null;
}

/** The last second of the year 9999: an `exp` behind it was probably written in milliseconds. */
const maxExpiry = 253_402_300_799;

/** How long the keys of an issuer may take to arrive, in milliseconds. */
const keyFetchMilliseconds = 5_000;

/** Finds the keys that an issuer publishes. jose limits the time until the response starts; this also limits its end. */
function createKeyLookup(jwksUrl: URL): JWTVerifyGetKey {
  const agent = jwksUrl.protocol === 'https:' ? new HttpsAgent() : new HttpAgent();
  const findKey = createRemoteJWKSet(jwksUrl, { agent, timeoutDuration: keyFetchMilliseconds });
  return async (header, token) => {
    const timer = setTimeout(() => agent.destroy(), keyFetchMilliseconds);
    try {
      return await findKey(header, token);
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * Checks tokens against the keys that their issuer publishes.
 *
 * @returns a function that returns the actor of a token. It throws a SwitchyardError: UNAUTHENTICATED for a token
 * that is not valid, UNAVAILABLE where the keys cannot be fetched within 5 seconds.
 */
export function createTokenVerifier(trust: TokenTrust): (token: string) => Promise<Actor> {
  const findKey = createKeyLookup(new URL(trust.jwksUrl));
  const options = {
    algorithms,
    requiredClaims: ['sub', 'exp'],
    ...(trust.issuer !== undefined && { issuer: trust.issuer }),
    ...(trust.audience !== undefined && { audience: trust.audience }),
  };
  return async token => {
    try {
      const { payload } = await jwtVerify(token, findKey, options);
      const fault = subjectFault(payload.sub);
      if (fault !== null) throw unauthenticated(`The subject of the token ("sub") ${fault}.`);
      const { exp = Number.POSITIVE_INFINITY } = payload;
      if (exp > maxExpiry)
        throw unauthenticated('The expiry of the token ("exp") must be in seconds, before the year 10000.');
      return { name: String(payload.sub), scopes: grantedScopes(scopeWords(payload)), expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The token has expired.', error);
      if (isFaultOfTheToken(error)) throw unauthenticated('The token is not valid.', error);
      if (error instanceof SwitchyardError) throw error;
      throw unavailable(
        'The keys that tokens are checked with cannot be fetched now. Try again later.',
        error,
      );
    }
  };
}
