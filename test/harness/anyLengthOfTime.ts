import * as fc from 'fast-check';

/** Seconds, to the microsecond: up to 30 years. */
export const anyLengthOfTime = fc.maxSafeNat().map(whole => (whole % 1_000_000_000_000_000) / 1_000_000);
