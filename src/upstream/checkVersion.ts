import type { UpstreamClient } from './client/upstreamClient';
import { UpstreamError } from './client/upstreamError';

/** What this program can do with a server, by its version. */
type VersionSupport =
  /** Everything. */
  | { kind: 'full'; version: string }
  /** Mirror and plans. Transitions are refused with the reason. */
  | { kind: 'readOnly'; version: string; reason: string }
  /** Nothing. */
  | { kind: 'unsupported'; version: string | null; reason: string };

/** What this program can do with a server that it can work with. */
export type SupportedVersion = Exclude<VersionSupport, { kind: 'unsupported' }>;

const major = 3;
const leastMinor = 4;
/** The first with a call that moves a run only if it is still in a certain state. */
const leastMinorToMove = 7;

/** What this program can do with a server of a version. */
export function supportOf(version: string): VersionSupport {
  const [serverMajor = 0, minor = 0] = version.split('.').map(Number);
  if (serverMajor !== major || minor < leastMinor) {
    const reason = `The Prefect server is version ${version}; the gateway needs ${major}.${leastMinorToMove} or a newer ${major}.x`;
    return { kind: 'unsupported', version, reason };
  }
  if (minor >= leastMinorToMove) return { kind: 'full', version };
  const reason = `The Prefect server is version ${version}, which cannot move a run only if it has not changed; update it to ${major}.${leastMinorToMove} or newer`;
  return { kind: 'readOnly', version, reason };
}

/**
 * Reads the version of a server, and what this program can do with it. A response that no Prefect sends is `unsupported`.
 *
 * @throws UpstreamError where the server cannot be asked now, or does not accept the credentials.
 */
export async function checkVersion(
  client: Pick<UpstreamClient, 'readVersion' | 'address'>,
  signal?: AbortSignal,
): Promise<VersionSupport> {
  try {
    return supportOf(await client.readVersion(signal));
  } catch (error) {
    if (!(error instanceof UpstreamError) || !isNoPrefect(error)) throw error;
    const reason = `There is no Prefect server at ${client.address} (${error.message}). PREFECT_API_URL must be the address of its API, such as http://prefect:4200/api`;
    return { kind: 'unsupported', version: null, reason };
  }
}

const isNoPrefect = ({ failure }: UpstreamError): boolean =>
  failure.kind === 'malformed' || (failure.kind === 'invalid' && [404, 405].includes(failure.status));
