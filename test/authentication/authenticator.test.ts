import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, type KeyLike, SignJWT } from 'jose';
import {
  type AuthenticationSettings,
  createAuthenticator,
  requireScope,
  type Scope,
  scopes,
} from '../../src/authentication';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const keys: AuthenticationSettings = {
  apiKeys: [
    { name: 'ops', scopes: ['read', 'write'], sha256: sha256('first') },
    { name: 'boss', scopes: ['admin'], sha256: sha256('second') },
  ],
};

describe('without keys or a token issuer', () => {
  it.each([null, 'Bearer whatever'])('accepts every caller as local, with all scopes (%s)', async header => {
    const actor = await createAuthenticator({ apiKeys: [] })(header);
    expect(actor).toEqual({ name: 'local', scopes: new Set(scopes) });
  });
});

describe('with keys', () => {
  const authenticate = createAuthenticator(keys);

  it('recognizes the holder of a key', async () => {
    expect(await authenticate('Bearer first')).toEqual({ name: 'ops', scopes: new Set(['read', 'write']) });
  });

  it('accepts the word "bearer" in upper and lower case', async () => {
    expect(await authenticate('bearer first')).toMatchObject({ name: 'ops' });
  });

  it('grants all scopes to an admin', async () => {
    expect(await authenticate('Bearer second')).toEqual({ name: 'boss', scopes: new Set(scopes) });
  });

  it.each([null, '', 'first', 'Basic first', 'Bearer', 'Bearer third', `Bearer ${sha256('first')}`])(
    'rejects %s',
    async header => {
      await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );
});

describe('with a token issuer', () => {
  let privateKey: KeyLike;
  let strangersKey: KeyLike;
  let server: Server;
  let jwksUrl: string;
  let answer: { status: number; body: string; isUnfinished?: boolean };

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    strangersKey = (await generateKeyPair('ES256')).privateKey;
    const body = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256', kid: '1' }] });
    server = createServer((_request, response) => {
      response.writeHead(answer.status).write(answer.body);
      if (!answer.isUnfinished) response.end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    answer = { status: 200, body };
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  const settings = (): AuthenticationSettings => ({
    ...keys,
    jwksUrl,
    jwtIssuer: 'https://login.example.com/',
    jwtAudience: 'switchyard',
  });
  const good: JWTPayload = { iss: 'https://login.example.com/', aud: 'switchyard', sub: 'ada', exp: 4e9 };
  const token = (claims: JWTPayload, key = privateKey): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: '1' }).sign(key);

  it.each<[string, JWTPayload, Scope[]]>([
    ['words in "scope"', { scope: 'read write openid' }, ['read', 'write']],
    ['a list in "scopes"', { scopes: ['read', 'operate', 7] }, ['read', 'operate']],
    ['"admin"', { scope: 'admin' }, [...scopes]],
    ['nothing', {}, []],
  ])('reads the name from "sub", and scopes from %s', async (_what, claims, expected) => {
    const actor = await createAuthenticator(settings())(`Bearer ${await token({ ...good, ...claims })}`);
    expect(actor).toEqual({ name: 'ada', scopes: new Set(expected), expiresAt: 4e12 });
  });

  it('recognizes the holders of keys as well', async () => {
    expect(await createAuthenticator(settings())('Bearer first')).toMatchObject({ name: 'ops' });
  });

  it.each<[string, JWTPayload]>([
    ['has expired', { exp: 1 }],
    ['is of another issuer', { iss: 'https://elsewhere.example.com/' }],
    ['is for another audience', { aud: 'elsewhere' }],
    ['names no subject', { sub: undefined }],
    ['names an empty subject', { sub: '' }],
    ['names a subject of more than 255 characters', { sub: 'x'.repeat(256) }],
    ['names a subject with a NUL', { sub: 'a\0b' }],
    ['names a subject with half a character', { sub: 'a\ud83d' }],
    ['names an object as its subject', { sub: { name: 'ada' } as never }],
    ['names a list as its subject', { sub: ['ada'] as never }],
    ['never expires', { exp: undefined }],
    ['expires after the year 9999, as one in milliseconds does', { exp: 4e12 }],
    ['is not valid yet', { nbf: 3.9e9 }],
  ])('rejects a token that %s', async (_what, claims) => {
    const authenticate = createAuthenticator(settings());
    const header = `Bearer ${await token({ ...good, ...claims })}`;
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('accepts a subject of 255 characters outside the basic plane', async () => {
    const sub = '\u{1f600}'.repeat(255);
    const actor = await createAuthenticator(settings())(`Bearer ${await token({ ...good, sub })}`);
    expect(actor.name).toBe(sub);
  });

  it('fails within seconds where the keys do not arrive, and accepts tokens as soon as they do', async () => {
    const header = `Bearer ${await token(good)}`;
    const authenticate = createAuthenticator(settings());
    const working = answer;
    answer = { status: 200, body: '{"keys":[', isUnfinished: true };
    await expect(authenticate(header)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    answer = working;
    expect(await authenticate(header)).toMatchObject({ name: 'ada' });
  }, 15_000);

  it('accepts a key set of 900,000 bytes, and none of 1,200,000', async () => {
    const header = `Bearer ${await token(good)}`;
    const working = answer;
    try {
      answer = { status: 200, body: working.body.padEnd(900_000) };
      expect(await createAuthenticator(settings())(header)).toMatchObject({ name: 'ada' });
      answer = { status: 200, body: working.body.padEnd(1_200_000) };
      await expect(createAuthenticator(settings())(header)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      answer = working;
    }
  });

  it('reports the cause of each rejection, and never the token', async () => {
    const lines: string[] = [];
    const authenticate = createAuthenticator(settings(), (facts, message) =>
      lines.push(`${message} ${JSON.stringify(facts)}`),
    );
    const refused = [
      await token({ ...good, exp: undefined }),
      await token({ ...good, aud: 'elsewhere' }),
      await token({ ...good, sub: 'x'.repeat(256) }),
      await token(good, strangersKey),
    ];
    for (const bad of refused) await authenticate(`Bearer ${bad}`).catch(() => null);
    await authenticate(null).catch(() => null);
    expect(lines).toEqual([
      expect.stringContaining('missing required \\"exp\\" claim'),
      expect.stringContaining('unexpected \\"aud\\" claim value'),
      expect.stringContaining('must have 1 to 255 characters'),
      expect.stringContaining('signature verification failed'),
      expect.stringContaining('Send the header'),
    ]);
    for (const bad of refused) expect(lines.join()).not.toContain(bad.split('.')[1]);
  });

  it("rejects a stranger's signature, a shared secret's, an unsigned token, and text that is no token", async () => {
    const authenticate = createAuthenticator(settings());
    const shared = new SignJWT(good).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32));
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${encode({ alg: 'none' })}.${encode(good)}.`;
    for (const bad of [await token(good, strangersKey), await shared, unsigned, 'third', 'a.b.c']) {
      await expect(authenticate(`Bearer ${bad}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  it('responds with UNAVAILABLE if the keys cannot be fetched', async () => {
    const header = `Bearer ${await token(good)}`;
    const working = answer;
    for (answer of [
      { status: 500, body: '' },
      { status: 200, body: 'no JSON' },
      { status: 200, body: '{}' },
    ]) {
      await expect(createAuthenticator(settings())(header)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    answer = working;
    const nobodyThere = createAuthenticator({ apiKeys: [], jwksUrl: 'http://127.0.0.1:1/keys' });
    await expect(nobodyThere(header)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('requireScope', () => {
  const actor = { name: 'ops', scopes: new Set<Scope>(['read']) };

  it('accepts a caller who has the scope', () => {
    expect(() => requireScope(actor, 'read')).not.toThrow();
  });

  it('names the caller and the missing scope', () => {
    expect(() => requireScope(actor, 'write')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN', message: 'ops lacks the scope "write".' }),
    );
  });
});
