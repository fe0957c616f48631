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
