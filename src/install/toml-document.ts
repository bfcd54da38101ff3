import { parse, TomlError } from 'smol-toml';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';

/** A TOML text that the parser accepts, and what it says. */
export interface TomlDocument {
  text: string;
  values: Record<string, unknown>;
}

/** @returns Failure `file-invalid` with line and column; never with what stands there, which may be a key */
export function readTomlDocument(file: string, text: string): Result<TomlDocument> {
  try {
    // The parser takes a byte-order mark for a part of the first key; Codex does not mind it, nor numbers of 64 bits.
    return succeed({ text, values: parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: 'asNeeded' }) });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? 'no TOML';
    return fail({
      reason: 'file-invalid',
      path: file,
      detail: `line ${error.line}, column ${error.column}: ${problem}`,
    });
  }
}

/** What stands at a path of tables; undefined when nothing does. */
export function valueAt(values: unknown, path: readonly string[]): unknown {
  let value = values;
  for (const part of path) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
