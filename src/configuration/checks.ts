import { z } from 'zod';
import type { ApiKey } from '../authentication/apiKeys';
import { isScope, type Scope, scopes } from '../authentication/scope';

/** `on` or `off`, read as a boolean. */
export const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform(word => word === 'on');

/** Decimal digits that make a number within a range, both ends included. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine(number => number >= least && number <= most, message);
}

const isServerUrl = (url: string): boolean =>
  /^(mysql|mariadb):\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '';

const namesDatabase = (url: string): boolean => new URL(url).pathname.length > 1;

const databaseShape = 'must be file:PATH, mysql://user:password@host:port/name or mariadb://…';

/** Where a database is: a file, or a server and the database's name on it. */
export const databaseUrl = z
  .string()
  .refine(url => /^file:./.test(url) || isServerUrl(url), databaseShape)
  .refine(url => !isServerUrl(url) || namesDatabase(url), 'must end in the name of the database: …/name');

/** Where a Redis server is. */
export const redisUrl = z
  .string()
  .refine(
    url => /^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '',
    'must be redis://user:password@host:port or rediss://…',
  );

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');

/** Database servers, between commas. */
export const serverUrls = z
  .string()
  .transform(listOf)
  .refine(
    (urls): boolean => urls.every(url => isServerUrl(url) && namesDatabase(url)),
    'must be mysql:// or mariadb:// addresses that each end in the name of a database, with commas between them',
  )
  .transform((urls): readonly string[] => urls);

/** An address that can be fetched. */
export const webUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' });

const apiKeyShape = /^([\w.@-]{1,64}):([\w+]+):([0-9a-f]{64})$/i;

// A key's own text stays out of the messages: somebody may have put the key where its digest belongs.
function apiKey(text: string, position: number, refuse: (message: string) => void): ApiKey | undefined {
  const [, name = '', words = '', sha256 = ''] = apiKeyShape.exec(text) ?? [];
  if (name === '') {
    refuse(
      `key ${position} must be name:scope+scope:digest, the digest being the key's SHA-256 in 64 hex digits`,
    );
    return undefined;
  }
  const named = words.split('+');
  if (!named.every(isScope)) {
    refuse(`key ${position} has a scope that does not exist; there are ${scopes.join(', ')}`);
    return undefined;
  }
  return { name, scopes: named.filter((word): word is Scope => isScope(word)), sha256: sha256.toLowerCase() };
}

/** Keys, between commas: `name:scope+scope:sha256hex`. */
export const apiKeys = z.string().transform((text, context): readonly ApiKey[] => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const keys = listOf(text).flatMap((item, index) => apiKey(item, index + 1, refuse) ?? []);
  if (new Set(keys.map(key => key.sha256)).size < keys.length) refuse('holds the same key twice');
  return keys;
});
