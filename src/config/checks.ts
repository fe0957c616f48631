import { z } from 'zod';
import type { ApiKey } from '../authentication/apiKeys';
import { isScope, type Scope, scopes } from '../authentication/scope';
import { parseDatabaseAddress } from './databaseAddress';
import { parseRedisAddress } from './redisAddress';
import { AddressError } from './serverAddress';

/** `on` or `off`, parsed to a boolean. */
export const onOrOff = z.enum(['on', 'off'], 'must be on or off').transform(word => word === 'on');

/** A decimal integer between two bounds, both included. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine(number => number >= least && number <= most, message);
}

/** A text that `parse` accepts. The message of an AddressError becomes the issue. */
const readBy = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  });

/** The address of a database: a file, or a database on a server. */
export const databaseUrl = readBy(parseDatabaseAddress);

/** The address of a Redis server. */
export const redisUrl = readBy(parseRedisAddress);

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');

/** A comma-separated list of database server addresses. */
export const serverUrls = readBy(text => {
  for (const item of listOf(text)) {
    if (parseDatabaseAddress(item).kind === 'embedded')
      throw new AddressError('must be mysql:// or mariadb:// addresses, separated by commas');
  }
}).transform((text): readonly string[] => listOf(text));

/** An http:// or https:// address. */
export const webUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .refine(
    url => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''),
    'must not contain a user name or password',
  );

/** The http:// or https:// address of an API, whose paths follow it. */
export const apiUrl = webUrl.refine(url => !/[?#]/.test(url), 'must not contain ? or #');

/** The origin that a browser sends: a scheme and a host, and a port unless it is the scheme's own. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** A comma-separated list of origins of web pages. */
export const origins = z
  .string()
  .transform((text): readonly string[] => listOf(text))
  .refine(
    list => list.every(isOrigin),
    'must be origins in lower case (scheme, host and port, without a path), separated by commas',
  );

/** A file path. */
export const filePath = z.string();

const apiKeyShape = /^([\w.@-]{1,64}):([\w+]+):([0-9a-f]{64})$/i;

// Messages never repeat the value: it may be a key that was set in place of its digest.
function apiKey(text: string, position: number, refuse: (message: string) => void): ApiKey | undefined {
  const [, name = '', words = '', sha256 = ''] = apiKeyShape.exec(text) ?? [];
  if (name === '') {
    refuse(
      `key ${position} must be name:scope+scope:digest; the digest is the SHA-256 of the key in 64 hexadecimal digits`,
    );
    return undefined;
  }
  const named = words.split('+');
  if (!named.every(isScope)) {
    refuse(`key ${position} has a scope that does not exist; the scopes are ${scopes.join(', ')}`);
    return undefined;
  }
  return { name, scopes: named.filter((word): word is Scope => isScope(word)), sha256: sha256.toLowerCase() };
}

/** A comma-separated list of API keys: `name:scope+scope:sha256hex`. */
export const apiKeys = z.string().transform((text, context): readonly ApiKey[] => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  const keys = listOf(text).flatMap((item, index) => apiKey(item, index + 1, refuse) ?? []);
  if (new Set(keys.map(key => key.sha256)).size < keys.length) refuse('holds the same key twice');
  return keys;
});
