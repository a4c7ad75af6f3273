import { colloquyError, type LogFields, type Logger } from '@colloquy/core';
import { maskPhones } from './mask-phones.js';

export interface PinoLoggerOptions {
  /** Default: `info`. */
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Takes whole lines. Default: standard output. */
  readonly destination?: { write(line: string): unknown };
}

/**
 * A logger that writes one JSON object a line: `level`, `time` (ISO 8601), `pid`, `event`, then the fields. Every string in it
 * is masked by maskPhones. Fields named like one of the four are written as `field_<name>`. Throws CONFIG_ADAPTER_MISSING
 * where pino is not installed.
 */
export async function pinoLogger(options: PinoLoggerOptions = {}): Promise<Logger> {
  const pino = await loadPino();
  const settings = {
    level: options.level ?? 'info',
    base: { pid: process.pid },
    messageKey: 'event',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }) },
  };
  const target = options.destination === undefined ? pino(settings) : pino(settings, options.destination as { write(line: string): void });
  return {
    debug: (event, fields) => target.debug(safe(fields), maskPhones(event)),
    info: (event, fields) => target.info(safe(fields), maskPhones(event)),
    warn: (event, fields) => target.warn(safe(fields), maskPhones(event)),
    error: (event, fields) => target.error(safe(fields), maskPhones(event)),
  };
}

async function loadPino() {
  try {
    return (await import('pino')).pino;
  } catch (error) {
    throw colloquyError('CONFIG_ADAPTER_MISSING', { path: 'log', adapter: 'the JSON logger', peer: 'pino' }, error);
  }
}

const reserved = new Set(['level', 'time', 'pid', 'event']);

function safe(fields: LogFields = {}): Record<string, string | number | boolean | undefined> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [reserved.has(name) ? `field_${name}` : name, typeof value === 'string' ? maskPhones(value) : value]),
  );
}
