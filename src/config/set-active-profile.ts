import { tomlPlaces } from './toml-places.ts';
import type { TomlPlace } from './toml-places.ts';

/**
 * The text of a config.toml with another active profile. Only that value changes; where it is absent one
 * line is added at the top level, before the first table and the comment above it.
 *
 * @param text a document that the parser accepts
 */
export function withActiveProfile(text: string, profile: string): string {
  const places = tomlPlaces(text);
  const value = JSON.stringify(profile);
  const current = places.find(({ kind, path }) => kind === 'value' && path.join('.') === 'active_profile');
  if (current) return text.slice(0, current.start) + value + text.slice(current.end);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const at = whereToAdd(text, places);
  const before = text.slice(0, at);
  const missing = before === '' || before.endsWith('\n') ? '' : lineEnd;
  return `${before}${missing}active_profile = ${value}${lineEnd}${text.slice(at)}`;
}

/** Behind the last key of the top level; without one, above the first table. */
function whereToAdd(text: string, places: readonly TomlPlace[]): number {
  const table = places.findIndex(({ kind }) => kind === 'table');
  const last = places[(table === -1 ? places.length : table) - 1];
  if (last) {
    const end = text.indexOf('\n', last.end);
    return end === -1 ? text.length : end + 1;
  }
  return aboveComment(text, places[0]?.line ?? 1);
}

function aboveComment(text: string, line: number): number {
  const lines = text.split('\n');
  let first = line - 1;
  while (first > 0 && /^\s*#/.test(lines[first - 1] ?? '')) first--;
  return lines.slice(0, first).reduce((sum, above) => sum + above.length + 1, 0);
}
