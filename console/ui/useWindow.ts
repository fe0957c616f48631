import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The rows of a list that are rendered. */
interface RowWindow {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
}

/** Rows beyond the visible ones, so that scrolling shows no gap. */
const margin = 12;

/**
 * Which rows of a long list to render: those in view. All rows have the same height, so that the page's memory stays flat
 * at any length.
 */
export function useWindow(
  container: RefObject<HTMLElement | null>,
  rowCount: number,
  rowHeight: number,
): RowWindow {
  const [{ top, height }, setView] = useState({ top: 0, height: 500 });
  const [isShown, setShown] = useState(false);
  // After the rows in view are painted: the first ones do not wait for those around them.
  useEffect(() => setShown(rowCount > 0), [rowCount > 0]);
  useEffect(() => {
    const element = container.current;
    if (element === null) return undefined;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  const around = isShown ? margin : 0;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - around, rowCount - 1));
  return { first, end: Math.min(rowCount, Math.ceil((top + height) / rowHeight) + around) };
}
