import type { Command } from 'commander';
import { type Limit, limitOf, orNone, ratio, wholeNumber } from './numbers';

/** What slows an operation down or pauses it. */
export interface BrakeOptions {
  readonly rate?: Limit;
  readonly canary?: Limit;
  readonly pauseAbove?: Limit;
}

/** Adds the options of the brakes. */
export function addBrakeOptions(command: Command): Command {
  return command
    .option(
      '--rate <runs>',
      'at most this number of runs per second, or none',
      orNone(wholeNumber(1, 1_000_000)),
    )
    .option(
      '--canary <count>',
      'pauses for a review after this number of runs, or none',
      orNone(wholeNumber(1, 2_147_483_647)),
    )
    .option(
      '--pause-above <ratio>',
      'pauses if more than this share of runs fails, 0 to 1, or none',
      orNone(ratio),
    );
}

/** The brakes as the API has them. One that is not given is undefined, and so not sent. */
export const brakesOf = ({ rate, canary, pauseAbove }: BrakeOptions) => ({
  runsPerSecond: limitOf(rate),
  canary: limitOf(canary),
  pauseAboveFailureRatio: limitOf(pauseAbove),
});
