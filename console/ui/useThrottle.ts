import { useEffect, useRef } from 'preact/hooks';

/**
 * Bundles what arrives in quick succession, so that a page acts for it at most four times a second.
 *
 * @param milliseconds the least time between two calls.
 *
 * @returns asks for a call of `act`; the last one asked for always comes.
 */
export function useThrottle(act: () => void, milliseconds = 250): () => void {
  const newest = useRef(act);
  newest.current = act;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      newest.current();
    }, milliseconds);
  };
}
