import { describe, expect, it } from 'vitest';
import { databaseError } from './database-error.js';

describe('databaseError', () => {
  it('keeps where the driver failed and nothing of what it said', () => {
    const error = databaseError(Object.assign(new RangeError('bad\n    at Calle Reforma 12, soy Ana'), { code: 99 }), 'mongodb x');
    const { message, stack } = error.cause as Error;
    expect(error.code).toBe('STORE_UNREACHABLE');
    expect(message).toBe('RangeError 99');
    expect(stack).toMatch(/^Error: RangeError 99\n {4}at .*database-error\.test\.ts:\d+/);
    expect(stack).not.toMatch(/Reforma|Ana/);
  });
});
