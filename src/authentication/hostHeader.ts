const portAtTheEnd = /:\d+$/;
const loopbackAddress = /^127(\.\d{1,3}){3}$/;

/** Whether a host, without a port, is this machine: `localhost`, 127.0.0.0/8, `::1` or `[::1]`. */
export function isLoopbackName(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || name === '[::1]' || loopbackAddress.test(name);
}

/**
 * Whether a `Host` header, with or without a port, names this machine. A web page whose name is pointed at this
 * machine after it was loaded (DNS rebinding) still sends its own name and is rejected.
 */
export const isLoopbackHost = (hostHeader: string | null | undefined): boolean =>
  !!hostHeader && hostHeader !== '::1' && isLoopbackName(hostHeader.replace(portAtTheEnd, ''));

/**
 * Whether a request comes from no web page (no `Origin`), from a page of the same host, or from one of an allowed origin.
 * WebSockets need this check, because browsers let every page open them.
 */
export function isAllowedOrigin(
  originHeader: string | null | undefined,
  hostHeader: string | null | undefined,
  allowedOrigins: readonly string[],
): boolean {
  if (!originHeader || allowedOrigins.includes(originHeader)) return true;
  return (
    !!hostHeader && URL.canParse(originHeader) && new URL(originHeader).host === hostHeader.toLowerCase()
  );
}
