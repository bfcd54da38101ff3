import { parse, stringify } from 'smol-toml';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Notice } from './notice.ts';
import { noticeText } from './notice.ts';
import { CURRENT_SCHEMA, liftOlderTree } from './older-schemas.ts';
import { parseConfig } from './parse-config.ts';

export interface MigratedText {
  text: string;
  fromSchema: number;
  /** What was left behind or changed its meaning. */
  notices: Notice[];
}

/**
 * A config.toml of schema 1 or 2 in our own schema; null when it is one of ours already. Comments stay
 * behind in the backup: the sections that they explain have other shapes now.
 *
 * @param path for failures
 */
export function migratedText(text: string, path: string): Result<MigratedText | null> {
  const parsed = parseConfig(text);
  if (parsed.errors.length > 0)
    return fail({ reason: 'file-invalid', path, detail: parsed.errors.slice(0, 5).map(noticeText).join('; ') });
  if (!parsed.isOlder) return succeed(null);
  const { schema_version: _version, ...tree } = liftOlderTree(parse(text)).tree;
  const body = stringify({ schema_version: CURRENT_SCHEMA, ...tree });
  const opening = `# Migrated from schema ${parsed.schemaVersion}; the file as it was lies beside this one. Every key: docs/configuration.md\n`;
  return succeed({ text: `${opening}${body}\n`, fromSchema: parsed.schemaVersion, notices: parsed.warnings });
}
