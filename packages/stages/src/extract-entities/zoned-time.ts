/** A reading of calendar and clock, without a zone. `month` from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The clocks of one IANA zone. */
export interface ZoneClock {
  /** What they show at an instant. */
  wallTimeAt(instantMs: number): WallTime;
  /** Minutes east of UTC at an instant. */
  offsetMinutesAt(instantMs: number): number;
  /** Minutes east of UTC when they show this. In the gap of a clock change: the offset after it. */
  offsetMinutesOf(wall: WallTime): number;
}

/** Throws RangeError for a zone that the runtime does not know. */
export function zoneClock(timezone: string): ZoneClock {
  const field = 'numeric';
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', year: field, month: field, day: field, hour: field, minute: field, second: field });
  const wallTimeAt = (instantMs: number): WallTime => {
    const found: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instantMs)) found[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
    return { year, month, day, hour, minute, second };
  };
  const offsetMinutesAt = (instantMs: number) => Math.round((asUtc(wallTimeAt(instantMs)) - Math.floor(instantMs / 1_000) * 1_000) / 60_000);
  const offsetMinutesOf = (wall: WallTime) => {
    const guess = offsetMinutesAt(asUtc(wall));
    return offsetMinutesAt(asUtc(wall) - guess * 60_000);
  };
  return { wallTimeAt, offsetMinutesAt, offsetMinutesOf };
}

/** The instant at which clocks on UTC show this. */
export function asUtc({ year, month, day, hour, minute, second }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The same reading some days on. */
export function daysLater(wall: WallTime, days: number): WallTime {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `2026-03-05` */
export function isoDate({ year, month, day }: WallTime): string {
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
}

/** `2026-03-05T17:00:00-06:00` */
export function isoDateTime(wall: WallTime, offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${padded(Math.floor(size / 60))}:${padded(size % 60)}`;
  return `${isoDate(wall)}T${padded(wall.hour)}:${padded(wall.minute)}:${padded(wall.second)}${offset}`;
}

function padded(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}
