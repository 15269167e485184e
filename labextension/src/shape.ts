/** Replies are `unknown` until their shape was looked at; these are the looks. */
export type Check = (value: unknown) => boolean;

/** A look after which the type is known. */
export type Guard<T> = (value: unknown) => value is T;

export const isString: Check = value => typeof value === 'string';
export const isNumber: Check = value => typeof value === 'number';
export const isBoolean: Check = value => typeof value === 'boolean';

export function orNull(check: Check): Check {
  return value => value === null || check(value);
}

export function optional(check: Check): Check {
  return value => value === undefined || value === null || check(value);
}

export function listOf(check: Check): Check {
  return value => Array.isArray(value) && value.every(check);
}

/** An object with (at least) these members. */
export function record(members: Record<string, Check>): Check {
  return value => {
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    const found: Record<string, unknown> = { ...value };
    return Object.entries(members).every(([name, check]) => check(found[name]));
  };
}
