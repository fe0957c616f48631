/** Writes one line; `facts` are its fields. */
export type WriteLine = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/** Reports one caller who was refused, with the cause. */
export type ReportRefusal = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/** Lines in one window; those who are refused can cause any number. */
const maxLines = 20;
const windowMilliseconds = 10_000;

/**
 * Makes the report of refused callers. It writes at most 20 lines in 10 seconds, and with the first line after that how
 * many were left out, so that nobody without a key can fill the log.
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
