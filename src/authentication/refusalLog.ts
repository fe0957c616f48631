/** Writes one log line with the given fields. */
type WriteLine = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/** Reports one refused caller with the cause. */
export type ReportRefusal = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/** The maximum number of lines per window: refused callers can cause any number. */
const maxLines = 20;
const windowMilliseconds = 10_000;

/**
 * Creates the report of refused callers. It writes at most 20 lines in 10 seconds; the next line has the number of
 * those left out. A caller without a key cannot fill the log.
 */
export function createRefusalLog(write: WriteLine, now: () => number = Date.now): ReportRefusal {
  let windowStart = Number.NEGATIVE_INFINITY;
  let written = 0;
  let leftOut = 0;
  return (facts, message) => {
    if (now() - windowStart >= windowMilliseconds) {
      windowStart = now();
      written = 0;
    }
    if (written >= maxLines) {
      leftOut++;
      return;
    }
    written++;
    write(leftOut > 0 ? { ...facts, refusalsLeftOut: leftOut } : facts, message);
    leftOut = 0;
  };
}
