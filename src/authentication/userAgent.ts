const firstRenewingVersion = [3, 4, 11] as const;

/**
 * Whether a User-Agent is a Prefect client that renews its leases: `prefect/3.4.11` or newer. A pre-release
 * (`3.4.11rc1`, `3.4.11.dev2`) is older than its release.
 */
export function renewsLeases(userAgent: string | null): boolean {
  const version = /^prefect\/(\d+)\.(\d+)\.(\d+)(\.?(?:a|b|rc|dev)\d)?/.exec(userAgent ?? '');
  if (version === null) return false;
  for (const [position, least] of firstRenewingVersion.entries()) {
    const part = Number(version[position + 1]);
    if (part !== least) return part > least;
  }
  return version[4] === undefined;
}
