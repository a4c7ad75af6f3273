import type { EntityValue } from '@colloquy/core';
import type { ParsedResult } from 'chrono-node/en';
import { asUtc, daysLater, isoDate, isoDateTime, type WallTime, type ZoneClock } from './zoned-time.js';

/** What chrono knows of the start or the end. */
type Components = ParsedResult['start'];

/** The value of what chrono read, by the clocks of the zone; nothing where it names neither a day nor a time. */
export function datetimeValue({ start, end: endOrNull }: ParsedResult, clock: ZoneClock, sentAtMs: number): EntityValue | undefined {
  const end = endOrNull ?? undefined; // chrono has null there, whatever its types say
  const hasDay = namesDay(start);
  const hasTime = namesTime(start);
  if (!hasDay && !hasTime) return undefined;
  const read = wallTimeOf(start);
  if (namesMonthOnly(start)) return { kind: 'datetime', from: isoDate({ ...read, day: 1 }), to: isoDate(daysLater({ ...read, month: read.month + 1, day: 1 }, -1)), grain: 'date' };
  const from = hasDay ? read : nextAt(read, clock.wallTimeAt(sentAtMs));
  const to = end === undefined ? undefined : endOf(end, from, namesDay(end));
  const write = (wall: WallTime, components: Components) => (hasTime ? isoDateTime(wall, offsetOf(wall, components, clock)) : isoDate(wall));
  const grain = !hasTime ? 'date' : hasDay ? 'datetime' : 'time';
  return { kind: 'datetime', from: write(from, start), ...(to === undefined || end === undefined ? {} : { to: write(to, end) }), grain };
}

function namesDay(components: Components): boolean {
  return components.isCertain('day') || components.isCertain('weekday') || components.isCertain('month');
}

function namesMonthOnly(components: Components): boolean {
  return components.isCertain('month') && !components.isCertain('day') && !components.isCertain('weekday') && !components.isCertain('hour');
}

/** Noon and midnight are the only parts of the day that are a time. */
function namesTime(components: Components): boolean {
  return components.isCertain('hour') || [...components.tags()].some((tag) => tag === 'casualReference/noon' || tag === 'casualReference/midnight');
}

/** One to six o'clock without am or pm is the afternoon, when people work. */
function wallTimeOf(components: Components): WallTime {
  const get = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', otherwise: number) => components.get(name) ?? otherwise;
  const hour = get('hour', 0);
  const isAfternoon = components.isCertain('hour') && !components.isCertain('meridiem') && hour >= 1 && hour <= 6 && !components.isCertain('timezoneOffset');
  return { year: get('year', 1970), month: get('month', 1), day: get('day', 1), hour: isAfternoon ? hour + 12 : hour, minute: get('minute', 0), second: get('second', 0) };
}

/** A time without a day is the next one. */
function nextAt(time: WallTime, now: WallTime): WallTime {
  const today = { ...time, year: now.year, month: now.month, day: now.day };
  return asUtc(today) >= asUtc(now) ? today : daysLater(today, 1);
}

/** Never before the start: `9 to 2` ends in the afternoon, `10 pm to 6 am` on the next day. */
function endOf(end: Components, from: WallTime, hasDay: boolean): WallTime {
  const read = wallTimeOf(end);
  const to = hasDay ? read : { ...read, year: from.year, month: from.month, day: from.day };
  if (asUtc(to) > asUtc(from) || !end.isCertain('hour')) return to;
  const later = { ...to, hour: to.hour + 12 };
  if (to.hour < 12 && !end.isCertain('meridiem') && asUtc(later) > asUtc(from)) return later;
  return daysLater(to, 1);
}

function offsetOf(wall: WallTime, components: Components, clock: ZoneClock): number {
  return components.isCertain('timezoneOffset') ? (components.get('timezoneOffset') ?? 0) : clock.offsetMinutesOf(wall);
}
