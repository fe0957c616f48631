/** Two digits. */
const two = (value: number): string => String(value).padStart(2, '0');

interface Parts {
  readonly date: string;
  readonly time: string;
}

const utcParts = (date: Date): Parts => {
  const text = date.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 19) };
};

const localParts = (date: Date): Parts => ({
  date: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
  time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
});

const partsIn = (date: Date, isUtc: boolean): Parts => (isUtc ? utcParts(date) : localParts(date));

/** The offset of this machine from UTC at an instant, for example `+01:00`. */
function localOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** `2026-11-24 03:14:07`. */
export function formatTime(instant: string, isUtc: boolean): string {
  const { date, time } = partsIn(new Date(instant), isUtc);
  return `${date} ${time}`;
}

/** `03:14:07` for a time of today, else `2026-11-24 03:14:07`. */
export function formatShortTime(instant: string, isUtc: boolean, now: Date = new Date()): string {
  const { date, time } = partsIn(new Date(instant), isUtc);
  return date === partsIn(now, isUtc).date ? time : `${date} ${time}`;
}

/** With the zone: `2026-11-24 03:14:07 UTC`, or `2026-11-24 04:14:07 +01:00 (Europe/Berlin)`. */
export function formatTimeWithZone(instant: string, isUtc: boolean, zoneName: string): string {
  const zone = isUtc ? 'UTC' : `${localOffset(new Date(instant))} (${zoneName})`;
  return `${formatTime(instant, isUtc)} ${zone}`;
}

/** What `<input type="datetime-local">` shows: `2026-11-24T03:14`, in seconds if they are not zero. */
export function toTimeInput(instant: string, isUtc: boolean): string {
  const { date, time } = partsIn(new Date(instant), isUtc);
  return `${date}T${time.endsWith(':00') ? time.slice(0, 5) : time}`;
}

/** The instant that was typed; null for an incomplete one. */
export function fromTimeInput(text: string, isUtc: boolean): string | null {
  const time = new Date(isUtc ? `${text}Z` : text);
  return text === '' || Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** `1h 04m`, `3m 07s`, `12s` or `0.4s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
  return `${Math.floor(whole / 86_400)}d ${two(Math.floor((whole % 86_400) / 3600))}h`;
}
