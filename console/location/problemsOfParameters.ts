/** The parameters that a view knows. */
interface KnownNames {
  readonly once: readonly string[];
  /** Each may be repeated. */
  readonly many: readonly string[];
}

/** What is wrong with the names of the parameters of an address: to overlook one would show more than was asked for. */
export function problemsOfParameters(params: URLSearchParams, { once, many }: KnownNames): string[] {
  return [...new Set(params.keys())].flatMap(name => {
    if (many.includes(name)) return [];
    if (!once.includes(name)) return [`${name}: there is no such filter.`];
    return params.getAll(name).length > 1 ? [`${name}: must be given once.`] : [];
  });
}
