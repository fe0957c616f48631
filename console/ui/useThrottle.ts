import { useEffect, useRef } from 'preact/hooks';

const milliseconds = 250;

/**
 * Bundles what arrives in quick succession, so that a page renders at most four times a second for it.
 *
 * @returns asks for a call of `act`; the last one asked for always comes.
 */
export function useThrottle(act: () => void): () => void {
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
