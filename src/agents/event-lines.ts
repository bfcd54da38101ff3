import { isRecord } from '../contracts/json.ts';
import { parseJson } from './json-in-text.ts';

/** The JSON objects of a stream, one a line; split on LF only, since texts may hold U+2028 as it is. Other lines are none. */
export const eventsOf = (stream: string): Record<string, unknown>[] =>
  stream
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => parseJson(line))
    .filter(isRecord);

/** A number of tokens that a program tells; anything else counts nothing. */
export const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;

/** The text at a path of nested objects. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  let at: unknown = value;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return typeof at === 'string' ? at : undefined;
}
