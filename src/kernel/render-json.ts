import { isRecord } from '../contracts/json.ts';

/** JSON as every file of ours has it: keys sorted, two spaces, a newline at the end. */
export const renderJson = (value: unknown): string => `${JSON.stringify(sorted(value), null, 2)}\n`;

/** One line, keys sorted: for `.jsonl` files and digests. */
export const renderJsonLine = (value: unknown): string => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).toSorted()) {
    // `__proto__` as an own key must stay data, not become the prototype.
    Object.defineProperty(result, key, {
      value: sorted(value[key]),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}
