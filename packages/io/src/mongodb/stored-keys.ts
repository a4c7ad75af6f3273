/**
 * Field names as MongoDB keeps them without giving them a meaning: a leading `$`, dots, the names drivers treat specially and
 * the empty name are written with `%`. `readKeys` gives back the same value; plain names stay as they are.
 */
export function writeKeys<T>(value: T): T {
  return renamed(value, written) as T;
}

export function readKeys<T>(value: T): T {
  return renamed(value, read) as T;
}

const special = /^$|^\$|[.%]|^_bsontype$|^__proto__$|^toBSON$/;

function written(key: string): string {
  if (!special.test(key)) return key;
  if (key === '') return '%';
  const escaped = key.replace(/%/g, '%25').replace(/\./g, '%2E').replace(/^\$/, '%24');
  return escaped === key ? `%${key}` : escaped;
}

function read(key: string): string {
  if (!key.includes('%')) return key;
  if (/^%(_bsontype|__proto__|toBSON)?$/.test(key)) return key.slice(1);
  return key.replace(/%24/g, '$').replace(/%2E/g, '.').replace(/%25/g, '%');
}

function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines own fields, so that a key `__proto__` stays one.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename)]));
}
