import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from './problem';

/** Something that a button does, with how its last attempt went. */
export interface Action<Input extends unknown[]> {
  readonly isRunning: boolean;
  readonly problem: Problem | undefined;
  /** Does it, unless an attempt is in progress. Never rejects: see `problem`. */
  run(...input: Input): Promise<void>;
  /** Forgets the last problem. */
  reset(): void;
}

/** Wraps what a button does, so that its error is shown beside the button. */
export function useAction<Input extends unknown[]>(
  perform: (...input: Input) => Promise<void>,
): Action<Input> {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isThere = useRef(true);
  useEffect(
    () => () => {
      isThere.current = false;
    },
    [],
  );
  return {
    isRunning,
    problem,
    reset: () => setProblem(undefined),
    async run(...input) {
      if (isRunning) return;
      setRunning(true);
      setProblem(undefined);
      try {
        await perform(...input);
      } catch (error) {
        if (isThere.current) setProblem(problemOf(error));
      } finally {
        if (isThere.current) setRunning(false);
      }
    },
  };
}
