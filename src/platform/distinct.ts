/** The distinct values, without null and undefined. */
export const distinct = <Value>(values: readonly (Value | null | undefined)[]): Value[] => [
  ...new Set(values.filter(value => value !== null && value !== undefined)),
];
