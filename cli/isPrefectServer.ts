const maxMilliseconds = 2000;

/** Whether the server of an address has the version route of Prefect. A server that does not respond in 2 s has not. */
export async function isPrefectServer({ origin }: URL): Promise<boolean> {
  try {
    const response = await fetch(`${origin}/api/admin/version`, {
      signal: AbortSignal.timeout(maxMilliseconds),
    });
    const version: unknown = response.ok ? await response.json() : null;
    return typeof version === 'string' && /^\d+\./.test(version);
  } catch {
    // The caller reports the response that led here.
    return false;
  }
}
