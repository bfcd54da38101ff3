/** `quietSeconds` as people write it: `quiet_seconds`. */
export const written = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A path as it would stand in a TOML file: `profiles."my gateway".base_url`. */
export const dotted = (path: readonly string[]): string =>
  path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part))).join('.');
