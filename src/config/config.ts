import type { z } from 'zod';
import { isLoopbackName } from '../authentication/isLoopbackHost';
import { parseDatabaseAddress } from './databaseAddress';
import type { Environment } from './environment';
import { hasPassword, withPassword } from './passwords';
import { readVariable } from './secretFiles';
import { type Setting, settings } from './settings';
import { readTrustedDocuments } from './trustedDocuments';
import './zodMessages';

export type { Environment } from './environment';
export { settingsTable } from './settingsTable';

/** All settings, parsed and validated. */
export type Config = {
  readonly [Key in keyof typeof settings]: z.output<(typeof settings)[Key]['check']>;
} & {
  /** The documents of TRUSTED_DOCUMENTS by their hashes; undefined for no manifest. */
  readonly documentsByHash: ReadonlyMap<string, string> | undefined;
};

/** The settings are invalid. The message lists every problem and repeats no secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map(problem => `- ${problem}`)].join('\n'));
  }
}

function problemOf(
  { name, secret, example }: Setting,
  value: string | undefined,
  messages: string[],
): string {
  const shown = secret ? '' : ` (it is ${JSON.stringify(value)})`;
  return `${name} ${messages.join('; ')}${shown}. Example: ${name}=${example}`;
}

/** What cannot be sent to a Prefect server. Without its address the rest is ignored: its own client uses the same variables. */
function prefectContradictionsOf({ prefectApiUrl, prefectApiKey, prefectApiAuthString }: Config): string[] {
  if (prefectApiUrl === undefined) return [];
  const problems: string[] = [];
  if (prefectApiKey !== undefined && prefectApiAuthString !== undefined)
    problems.push('PREFECT_API_KEY and PREFECT_API_AUTH_STRING are both set: remove one of them');
  if (prefectApiKey !== undefined && !/^[\x21-\x7e]+$/.test(prefectApiKey))
    problems.push('PREFECT_API_KEY must consist of ASCII characters without spaces');
  if (prefectApiAuthString !== undefined && !/^[^:]+:./.test(prefectApiAuthString))
    problems.push('PREFECT_API_AUTH_STRING must be a user and a password, joined by a colon');
  return problems;
}

function contradictionsOf(config: Config): string[] {
  const problems: string[] = [];
  if (!isLoopbackName(config.host) && config.apiKeys.length === 0 && config.jwksUrl === undefined) {
    problems.push(
      `HOST ${config.host} can be reached from other machines, but authentication is off. ` +
        `Set API_KEYS or JWKS_URL, or HOST=${settings.host.default}`,
    );
  }
  if (config.headerTimeoutSeconds > config.receiveTimeoutSeconds) {
    problems.push(
      `HEADER_TIMEOUT_SECONDS must be at most RECEIVE_TIMEOUT_SECONDS (${config.receiveTimeoutSeconds}, got ${config.headerTimeoutSeconds})`,
    );
  }
  if (config.maxBodyBytesInFlight < config.maxBodyBytes) {
    problems.push(
      `MAX_BODY_BYTES_IN_FLIGHT must be at least MAX_BODY_BYTES (${config.maxBodyBytes}, got ${config.maxBodyBytesInFlight})`,
    );
  }
  const { kind, ...address } = parseDatabaseAddress(config.databaseUrl);
  if (config.databaseReplicaUrls.some(url => parseDatabaseAddress(url).kind !== kind)) {
    problems.push(
      'DATABASE_REPLICA_URLS must be of the same kind as DATABASE_URL, and a file has no replicas',
    );
  }
  if (config.databasePassword !== undefined && (kind === 'embedded' || hasPassword(config.databaseUrl)))
    problems.push('DATABASE_PASSWORD needs a server in DATABASE_URL, without a password in the URL');
  if (config.redisPassword !== undefined && (config.redisUrl === undefined || hasPassword(config.redisUrl)))
    problems.push('REDIS_PASSWORD needs a REDIS_URL, without a password in the URL');
  problems.push(...prefectContradictionsOf(config));
  const hasTls = 'tlsMode' in address && address.tlsMode !== 'DISABLED';
  const tlsFiles = ['databaseCa', 'databaseClientCertificate', 'databaseClientKey'] as const;
  for (const key of tlsFiles) {
    if (config[key] !== undefined && !hasTls)
      problems.push(`${settings[key].name} has no effect without ?ssl-mode=… in DATABASE_URL`);
  }
  if ((config.databaseClientCertificate === undefined) !== (config.databaseClientKey === undefined))
    problems.push('DATABASE_CLIENT_CERTIFICATE and DATABASE_CLIENT_KEY must be set together');
  if (config.jwksUrl === undefined && (config.jwtIssuer !== undefined || config.jwtAudience !== undefined)) {
    problems.push(
      `JWT_ISSUER and JWT_AUDIENCE have no effect without JWKS_URL. Example: JWKS_URL=${settings.jwksUrl.example}`,
    );
  }
  if (config.trustedDocumentsOnly && config.trustedDocuments === undefined)
    problems.push('TRUSTED_DOCUMENTS_ONLY=on would reject every document without TRUSTED_DOCUMENTS');
  return problems;
}

function documentsIn(path: string | undefined): Config['documentsByHash'] {
  if (path === undefined) return undefined;
  try {
    return readTrustedDocuments(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`TRUSTED_DOCUMENTS ${path} cannot be used: ${reason}`]);
  }
}

/**
 * Reads all settings. A variable that is absent or empty has its default. Passwords that are given by themselves become part
 * of the addresses in the result.
 *
 * @throws ConfigurationError with every invalid setting.
 */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const given = readVariable(environment, setting);
    if ('problem' in given) {
      problems.push(given.problem);
      continue;
    }
    const value = given.value || (setting.default ?? undefined);
    const result = setting.check.safeParse(value);
    if (result.success) values[key] = result.data;
    else
      problems.push(problemOf(setting, value, [...new Set(result.error.issues.map(issue => issue.message))]));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  const config = { ...values, documentsByHash: undefined } as Config;
  const contradictions = contradictionsOf(config);
  if (contradictions.length > 0) throw new ConfigurationError(contradictions);
  return Object.freeze({
    ...config,
    documentsByHash: documentsIn(config.trustedDocuments),
    databaseUrl: withPassword(config.databaseUrl, config.databasePassword),
    databaseReplicaUrls: config.databaseReplicaUrls.map(url => withPassword(url, config.databasePassword)),
    redisUrl: config.redisUrl && withPassword(config.redisUrl, config.redisPassword),
  });
}
