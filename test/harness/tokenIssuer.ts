import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Issues JSON Web Tokens, and publishes the keys to check them with. */
export interface TokenIssuer {
  /** The gateway's settings that trust it. */
  settings: Readonly<Record<string, string>>;
  /** A token that is good for years, but for the claims given. */
  token(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer on a free port of this machine. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: '1' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = 'https://login.example.com/';
  return {
    settings: {
      JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
      JWT_ISSUER: issuer,
      JWT_AUDIENCE: 'switchyard',
    },
    token: claims =>
      new SignJWT({ iss: issuer, aud: 'switchyard', sub: 'ada', exp: 4e9, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: '1' })
        .sign(privateKey),
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
