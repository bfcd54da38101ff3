/** A JSON object: not null, not an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value when it is a string, otherwise the fallback. */
export const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);
