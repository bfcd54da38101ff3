/** `quietSeconds` as people write it: `quiet_seconds`. */
export const written = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A path as it would stand in a TOML file: `profiles."my gateway".base_url`. */
export const dotted = (path: readonly string[]): string =>
  path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part))).join('.');

/** A path of the program's names as written. Names that the user chose (of profiles, roots of repositories) stay as they are. */
export function writtenPath(path: readonly string[]): string[] {
  const free = path[0] === 'profiles' ? 1 : path[0] === 'review' && path[1] === 'repositories' ? 2 : -1;
  return path.map((part, index) => (index === free ? part : written(part)));
}
