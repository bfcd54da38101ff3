import * as v from 'valibot';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { appLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';
import { makeFolder } from '../kernel/write-files.ts';

/** How one of Codex's files was before us and after us: while it still is as after us, it can be as before again. */
const FileNote = v.looseObject({
  path: v.string(),
  /** There was none. */
  created: v.boolean(),
  /** Name in backups/; null when what was there before cannot be brought back as a whole. */
  before: v.nullable(v.string()),
  after_sha256: v.string(),
});
export type FileNote = v.InferOutput<typeof FileNote>;

const CodexHomeNote = v.looseObject({
  way: v.picklist(['hooks', 'plugin']),
  files: v.array(FileNote),
  /** There was no such folder: Codex had not run yet. */
  created: v.optional(v.boolean(), false),
  /** Folders above the plugin that were not there before it. */
  plugin_folders: v.optional(v.array(v.string()), []),
  /** Of the plugin's folder when its hooks were trusted: Codex wants it unchanged. */
  plugin_digest: v.optional(v.nullable(v.string()), null),
});
export type CodexHomeNote = v.InferOutput<typeof CodexHomeNote>;

/** `app/install.json`: what `install` did, for `uninstall`. */
const InstallRecord = v.looseObject({
  version: v.literal(1),
  program: v.looseObject({
    version: v.string(),
    /** Names in app/. */
    folder: v.string(),
    previous: v.nullable(v.string()),
    node: v.string(),
  }),
  codex_homes: v.record(v.string(), CodexHomeNote),
});
export type InstallRecord = v.InferOutput<typeof InstallRecord>;

/** @returns undefined when nothing was installed from this home */
export function readInstallRecord(home: string): Result<InstallRecord | undefined> {
  const read = readJson(appLayout(home).record, InstallRecord);
  if (!read.ok && read.failure.reason === 'file-missing') return succeed(undefined);
  return read;
}

export function writeInstallRecord(home: string, record: InstallRecord): void {
  makeFolder(appLayout(home).folder);
  writeJson(appLayout(home).record, InstallRecord, record);
}
