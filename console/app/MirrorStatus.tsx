import type { MirrorQuery } from '../generated/graphql';
import { countOf } from '../ui/formatNumber';
import { formatSeconds, formatTimeWithZone } from '../ui/formatTime';
import { Icon } from '../ui/Icon';
import { zone, zoneName } from '../ui/zone';
import { useMirror } from './useMirror';

type Mirror = MirrorQuery['server']['mirror'] | undefined;

function phaseInWords(mirror: Mirror): string {
  if (mirror === undefined) return 'state not known';
  if (mirror === null) return 'not copied yet';
  if (mirror.phase === 'FOLLOWING') return 'following';
  if (mirror.phase === 'BEHIND') return 'not following: runs may be old';
  return typeof mirror.runs === 'number' ? `copying: ${countOf(mirror.runs, 'run')} so far` : 'copying runs';
}

function detailsInWords(mirror: Mirror): string {
  const { lagSeconds, lastSweep } = mirror ?? {};
  const isUtc = zone.value === 'utc';
  const lag =
    typeof lagSeconds === 'number'
      ? `Changes arrive after ${formatSeconds(lagSeconds)}`
      : 'No lag is measured yet';
  const sweep = lastSweep
    ? `last comparison at ${formatTimeWithZone(lastSweep, isUtc, zoneName(zone.value))}`
    : 'no comparison yet';
  return `${lag}; ${sweep}.`;
}

/** The Prefect server that the gateway is attached to, and how far the copy of its runs is. */
export function MirrorStatus({ address }: { readonly address: string }) {
  const mirror = useMirror();
  const isFollowing = mirror?.phase === 'FOLLOWING';
  return (
    <span class={`mirror ${isFollowing ? 'muted' : 'mirror-behind'}`} title={detailsInWords(mirror)}>
      {!isFollowing && <Icon name="warning" />}
      Prefect server {new URL(address).host} · {phaseInWords(mirror)}
    </span>
  );
}
