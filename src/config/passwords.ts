/** The name of a user, or none, and what follows in the address of a server. */
const beforeHost = /^([a-z]+:\/\/)([^@/?#:]*)@|^([a-z]+:\/\/)/;

/** Whether the address of a server has a password. */
export const hasPassword = (url: string): boolean => /^[a-z]+:\/\/[^@/?#:]*:[^@/?#]*@/.test(url);

/** The address of a server with a password in it; the same address if it has one already. */
export const withPassword = (url: string, password: string | undefined): string =>
  password === undefined || hasPassword(url)
    ? url
    : url.replace(
        beforeHost,
        (_match, scheme: string | undefined, user: string | undefined, bare: string | undefined) =>
          `${scheme ?? bare}${user ?? ''}:${encodeURIComponent(password)}@`,
      );
