import { useEffect, useState } from 'preact/hooks';
import { epoch } from '../api/connection';
import { request } from '../api/request';
import { MirrorDocument, type MirrorQuery } from '../generated/graphql';

type Mirror = MirrorQuery['server']['mirror'];

const pauseMilliseconds = 15_000;

/**
 * Loads how far the mirror of the Prefect server is, again every 15 seconds while the page is visible.
 *
 * @returns null if the copy has not begun; undefined if it is not known.
 */
export function useMirror(): Mirror | undefined {
  const [mirror, setMirror] = useState<Mirror>();
  const connected = epoch.value;
  const isCopying = mirror?.phase === 'WALKING';
  useEffect(() => {
    const abort = new AbortController();
    let loadedAt = 0;
    const load = () => {
      if (document.hidden || Date.now() - loadedAt < pauseMilliseconds) return;
      loadedAt = Date.now();
      request(MirrorDocument, { isCopying }, abort.signal).then(
        ({ server }) => setMirror(server.mirror ?? null),
        () => {
          // The connection bar shows why; an old phase must not be taken for the current one.
          if (!abort.signal.aborted) setMirror(undefined);
        },
      );
    };
    load();
    const timer = setInterval(load, pauseMilliseconds + 100);
    document.addEventListener('visibilitychange', load);
    return () => {
      abort.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', load);
    };
  }, [connected, isCopying]);
  return mirror;
}
