import { formatShortTime, formatTime, formatTimeWithZone } from './formatTime';
import { zone, zoneName } from './zone';

interface TimeProps {
  /** RFC 3339; null shows a dash. */
  readonly instant: string | null | undefined;
  /** Without the date if it is today's. */
  readonly isShort?: boolean;
}

/** A time in the chosen zone, with the zone in its title. */
export function Time({ instant, isShort = false }: TimeProps) {
  if (!instant) return <span class="muted">–</span>;
  const isUtc = zone.value === 'utc';
  const format = isShort ? formatShortTime : formatTime;
  return (
    <time dateTime={instant} title={formatTimeWithZone(instant, isUtc, zoneName(zone.value))}>
      {format(instant, isUtc)}
    </time>
  );
}
