import * as v from 'valibot';
import { isRecord, textOr } from '../contracts/json.ts';
import { nearName } from '../kernel/near-name.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import type { Notice } from './notice.ts';
import { dotted, written } from './written-names.ts';

/** One checked value. */
export interface Setting {
  /** In the program's names: `['review', 'quietSeconds']`. */
  path: readonly string[];
  value: unknown;
  /** As it stands in the file. */
  writtenPath: readonly string[];
}

export interface CheckedTree {
  settings: Setting[];
  /** Wrong types and missing keys. */
  errors: TreeNotice[];
  /** Keys that nobody knows. */
  unknown: TreeNotice[];
}

/** A notice whose place is still to be found. */
export interface TreeNotice {
  writtenPath: readonly string[];
  problem: string;
}

/** Puts the place into a notice. */
export const placed = (
  { writtenPath, problem }: TreeNotice,
  place: { line: number; column: number } | undefined,
): Notice => ({
  // A key that somebody wrote where a name belongs is not said again.
  key: redactBuiltin(dotted(writtenPath)),
  line: place?.line ?? null,
  column: place?.column ?? null,
  problem,
});

interface Position {
  path: readonly string[];
  writtenPath: readonly string[];
}

/** Checks a tree in written names against the schema in the program's names. Empty texts and lists stand for "not said". */
export function checkTree(schema: v.GenericSchema, tree: Record<string, unknown>): CheckedTree {
  const checked: CheckedTree = { settings: [], errors: [], unknown: [] };
  checkTable(schema, tree, { path: [], writtenPath: [] }, checked);
  return checked;
}

function checkTable(
  schema: v.GenericSchema,
  table: Record<string, unknown>,
  position: Position,
  checked: CheckedTree,
): void {
  const rows = rowsOf(schema);
  for (const [key, value] of Object.entries(table)) {
    const writtenPath = [...position.writtenPath, key];
    const row = rows(key);
    if (!row) {
      checked.unknown.push({ writtenPath, problem: `is not known here${knownText(schema, key)}; it is ignored` });
      continue;
    }
    checkValue(row.schema, value, { path: [...position.path, row.name], writtenPath }, checked);
  }
  for (const name of missingIn(schema, table)) {
    checked.errors.push({ writtenPath: position.writtenPath, problem: `needs a ${name}` });
  }
}

function checkValue(schema: v.GenericSchema, value: unknown, position: Position, checked: CheckedTree): void {
  const { path, writtenPath } = position;
  if (isTable(schema)) {
    if (isRecord(value) && !(value instanceof Date)) checkTable(schema, value, position, checked);
    else checked.errors.push({ writtenPath, problem: 'must be a table' });
    return;
  }
  if (saysNothing(value) && mayBeLeftOut(schema)) return;
  const result = v.safeParse(schema, value);
  if (result.success) checked.settings.push({ path, value: result.output, writtenPath });
  else checked.errors.push({ writtenPath, problem: result.issues[0].message });
}

/** `model = ""`, as the templates of older versions have it. */
const saysNothing = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);
/** Texts and lists of texts that have a meaning when they are absent; anywhere else empty is a value, and usually a wrong one. */
function mayBeLeftOut(schema: v.GenericSchema): boolean {
  const { type } = schema;
  if ((type !== 'nullable' && type !== 'exact_optional') || !('wrapped' in schema)) return false;
  const { wrapped } = schema;
  return isRecord(wrapped) && ['string', 'picklist', 'array'].includes(textOr(wrapped['type'], ''));
}

type TableSchema = v.GenericSchema & { entries: Record<string, v.GenericSchema> };
type NamesSchema = v.GenericSchema & { value: v.GenericSchema };

export const isObjectSchema = (schema: v.GenericSchema): schema is TableSchema =>
  schema.type === 'object' && 'entries' in schema;
export const isNamesSchema = (schema: v.GenericSchema): schema is NamesSchema =>
  schema.type === 'record' && 'value' in schema;
const isTable = (schema: v.GenericSchema): boolean => isObjectSchema(schema) || isNamesSchema(schema);

/** How a table of that schema looks up a written key. */
function rowsOf(schema: v.GenericSchema): (key: string) => { name: string; schema: v.GenericSchema } | undefined {
  if (isNamesSchema(schema)) return (key) => ({ name: key, schema: schema.value });
  if (!isObjectSchema(schema)) return () => undefined;
  const rows = new Map(Object.entries(schema.entries).map(([name, row]) => [written(name), { name, schema: row }]));
  return (key) => rows.get(key);
}

function knownText(schema: v.GenericSchema, key: string): string {
  if (!isObjectSchema(schema)) return '';
  const known = Object.keys(schema.entries).map(written);
  const meant = nearName(key, known);
  return ` (${meant === undefined ? '' : `did you mean ${meant}? `}known: ${known.join(', ')})`;
}

/** Keys without which a table of the user's own making has no meaning: a profile's provider. */
function missingIn(schema: v.GenericSchema, table: Record<string, unknown>): string[] {
  if (!isObjectSchema(schema) || !Object.hasOwn(schema.entries, 'provider')) return [];
  return saysNothing(table['provider'] ?? '') ? ['provider'] : [];
}
