import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { SwitchyardError, unauthenticated, unavailable } from '../domain/errors';
import { findInvalidText } from '../domain/textIntegrity';
import { type Actor, grantedScopes } from './scope';

/** Which tokens are trusted. */
interface TokenTrust {
  /** The URL of the key set of the issuer. */
  readonly jwksUrl: string;
  /** The required `iss`; undefined accepts any. */
  readonly issuer?: string | undefined;
  /** The required `aud`; undefined accepts any. */
  readonly audience?: string | undefined;
}

// Asymmetric signatures only: with a shared secret, everyone who verifies tokens could also issue them.
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

/** The claims that issuers put scopes in: a text of words, or a list. */
const scopeClaims = ['scope', 'scopes', 'scp', 'roles'] as const;

const scopeWords = (claims: JWTPayload): string[] => scopeClaims.flatMap(claim => texts(claims[claim]));

/** The maximum length of an actor's name: that of its column in operations. */
const maxSubjectLength = 255;

/** What is wrong with the subject of a token; null if it is valid. */
function subjectFault(subject: unknown): string | null {
  if (typeof subject !== 'string') return 'must be text';
  const { length } = Array.from(subject);
  if (length === 0 || length > maxSubjectLength) return `must have 1 to ${maxSubjectLength} characters`;
  return findInvalidText(subject)?.message ?? null;
}

/** The last second of the year 9999. A later `exp` is probably in milliseconds. */
const maxExpiry = 253_402_300_799;

/** The time limit to fetch the keys of an issuer, in milliseconds. */
const keyFetchMilliseconds = 5_000;

/** The maximum size of a response with keys, its headers included; a last chunk may exceed it. */
const maxKeyBytes = 1_000_000;

/** Ends a connection that receives more than the keys of an issuer can be. */
function limitBytes(socket: Socket): Socket {
  let bytes = 0;
  return socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxKeyBytes)
      socket.destroy(new Error(`the keys of the token issuer have more than ${maxKeyBytes} bytes`));
  });
}

class KeyAgent extends HttpAgent {
  override createConnection(...options: Parameters<HttpAgent['createConnection']>): Socket {
    return limitBytes(super.createConnection(...options) as Socket);
  }
}

class TlsKeyAgent extends HttpsAgent {
  override createConnection(...options: Parameters<HttpsAgent['createConnection']>): Socket {
    return limitBytes(super.createConnection(...options) as Socket);
  }
}

/** Creates the lookup of an issuer's keys. jose limits the time until the response starts; this also limits its end. */
function createKeyLookup(jwksUrl: URL): JWTVerifyGetKey {
  const agent = jwksUrl.protocol === 'https:' ? new TlsKeyAgent() : new KeyAgent();
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
 * Creates the function that verifies a token and returns its actor.
 *
 * The function throws SwitchyardError: UNAUTHENTICATED for an invalid token, UNAVAILABLE if the keys cannot be
 * fetched within 5 seconds, or have far more than 1,000,000 bytes.
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
      throw unavailable('The keys of the token issuer cannot be fetched now. Try again later.', error);
    }
  };
}
