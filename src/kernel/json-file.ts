import * as v from 'valibot';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { DiskFailure } from './disk-failure.ts';
import { readText } from './files.ts';
import { writeDurably } from './write-files.ts';
import type { WriteOptions } from './write-files.ts';
import { renderJson } from './render-json.ts';

/**
 * Reads a JSON file through its schema.
 * A file whose `schema_version` (or `version`) is higher than the schema knows is reported as
 * `newer-schema` and must be left alone.
 */
export function readJson<S extends v.GenericSchema>(file: string, schema: S, limit?: number): Result<v.InferOutput<S>> {
  let text: string | undefined;
  try {
    text = readText(file, limit);
  } catch (error) {
    if (error instanceof DiskFailure) return fail(error.failure);
    throw error;
  }
  if (text === undefined) return fail({ reason: 'file-missing', path: file });
  return parseJson(file, text, schema);
}

/** Parses text that came from `file`. */
export function parseJson<S extends v.GenericSchema>(file: string, text: string, schema: S): Result<v.InferOutput<S>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail({ reason: 'file-invalid', path: file, detail: error instanceof Error ? error.message : 'not JSON' });
  }
  // What is nested deeper than anything of ours would exhaust whoever walks it.
  if (isDeeperThan(value, MAX_DEPTH))
    return fail({ reason: 'file-invalid', path: file, detail: `nested deeper than ${MAX_DEPTH} levels` });
  const newer = newerVersion(value);
  if (newer !== undefined) return fail({ reason: 'newer-schema', path: file, version: newer });
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return succeed(parsed.output);
  return fail({ reason: 'file-invalid', path: file, detail: issueText(parsed.issues) });
}

const MAX_DEPTH = 64;

/** Walks level by level, never by recursion. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** All records of ours are version 1 so far. */
const KNOWN_VERSION = 1;

function newerVersion(value: unknown): number | undefined {
  if (!isRecord(value)) return undefined;
  const version = value['schema_version'] ?? value['version'];
  return typeof version === 'number' && version > KNOWN_VERSION ? version : undefined;
}

function issueText(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0];
  if (!issue) return 'does not match the schema';
  return `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`.slice(0, 300);
}

/** Checks a value against the schema (a mismatch is a bug of ours, so it throws) and writes it durably. */
export function writeJson<S extends v.GenericSchema>(
  file: string,
  schema: S,
  value: v.InferInput<S>,
  options?: WriteOptions,
): boolean {
  return writeDurably(file, renderJson(v.parse(schema, value)), options);
}
