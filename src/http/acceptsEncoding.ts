/** Whether an `Accept-Encoding` header accepts a content coding: by its name or by `*`, and not with `q=0`. */
export function acceptsEncoding(header: string | null, encoding: string): boolean {
  const qualities = new Map(
    (header ?? '')
      .toLowerCase()
      .split(',')
      .map(coding => {
        const [name = '', ...parameters] = coding.split(';').map(part => part.trim());
        const quality = parameters.find(parameter => parameter.startsWith('q='))?.slice(2);
        return [name, quality === undefined ? 1 : Number(quality)] as const;
      }),
  );
  return (qualities.get(encoding) ?? qualities.get('*') ?? 0) > 0;
}
