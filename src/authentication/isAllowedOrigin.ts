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
