import type * as v from 'valibot';
import { isObjectSchema, isNamesSchema } from './check-tree.ts';
import { SettingsSchema } from './settings-schema.ts';
import { written } from './written-names.ts';

/** Every key that a config.toml may have, as written; `<name>` stands for what the user chooses. */
export const settingKeys = (): string[] => ['schema_version', ...keysOf(SettingsSchema, [])];

function keysOf(schema: v.GenericSchema, path: readonly string[]): string[] {
  if (isNamesSchema(schema)) return keysOf(schema.value, [...path, '<name>']);
  if (!isObjectSchema(schema)) return [path.join('.')];
  return Object.entries(schema.entries).flatMap(([name, inner]) => keysOf(inner, [...path, written(name)]));
}
