export { maskPhones } from './mask-phones.js';
export { pinoLogger, type PinoLoggerOptions } from './pino-logger.js';
