/** How this program proves to a server who it is. */
export interface Credentials {
  /** The value of the header Authorization; null for none. */
  authorization: string | null;
  /** What the event stream asks for; null for none. */
  token: string | null;
}

/** The credentials as the settings have them: a key, or user and password joined by a colon. */
export interface GivenCredentials {
  apiKey?: string | undefined;
  authString?: string | undefined;
}

/** Converts the settings to credentials: a key is sent as Bearer, user and password as Basic. */
export function credentialsOf({ apiKey, authString }: GivenCredentials): Credentials {
  if (apiKey !== undefined) return { authorization: `Bearer ${apiKey}`, token: apiKey };
  if (authString === undefined) return { authorization: null, token: null };
  return { authorization: `Basic ${Buffer.from(authString).toString('base64')}`, token: authString };
}
