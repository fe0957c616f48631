/** Each of these values once, those that are absent left out. */
export const distinct = <Value>(values: readonly (Value | null | undefined)[]): Value[] => [
  ...new Set(values.filter(value => value !== null && value !== undefined)),
];
