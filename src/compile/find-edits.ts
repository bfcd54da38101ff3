import path from 'node:path';
import type { Generation, MirrorState } from '../contracts/generation.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, listNames, readBytes } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { moveFile, removeFile } from '../kernel/move-files.ts';
import { keptEdits } from './edited-mirrors.ts';
import { UNREADABLE } from './names.ts';
import { isKnown, markLagging, noteMirror, readMirrorState } from './write-mirrors.ts';

/** A mirror as no generation has written it. */
export interface Edit {
  /** Path inside the bucket. */
  name: string;
  file: string;
  text: string;
  sum: string;
  /** It lies in edits/, not in the mirror's place. */
  kept: boolean;
}

const MAX_EDIT_BYTES = 256 * 1024 * 1024;

/** What is asked about each mirror, read once: a bucket may have hundreds of skills. */
export interface EditSearch {
  layout: BucketLayout;
  facts: Generation;
  /** The mirrors as they were left; none are noted before the first promotion. */
  noted: MirrorState['files'];
  /** A promotion is writing its mirrors, or died at it: a file that is not there may only be set aside for a moment. */
  lag: boolean;
  /** Names in edits/. */
  kept: readonly string[];
}

export function searchEdits(layout: BucketLayout, facts: Generation): EditSearch {
  const state = readMirrorState(layout);
  const lag = state?.generation !== facts.generation;
  return { layout, facts, noted: state?.files ?? {}, lag, kept: listNames(layout.edits) };
}

/** Edits of one mirror: in its place, then in edits/. A kept one that is part of the knowledge already is dropped. */
export function findEdits(search: EditSearch, name: string): Edit[] {
  const { layout, facts } = search;
  const candidates = [
    ...(isUntouched(search, name) ? [] : [{ file: path.join(layout.stateDir, name), kept: false }]),
    ...keptEdits(search.kept, name).map((entry) => ({ file: path.join(layout.edits, entry), kept: true })),
  ];
  return candidates.flatMap(({ file, kept }): Edit[] => {
    // A link, a folder or a giant in the place of a mirror is nobody's edit, and no reason to fail.
    const bytes = attempt(() => readBytes(file, MAX_EDIT_BYTES));
    if (!bytes.ok || !bytes.value) return [];
    const sum = sha256(bytes.value);
    if (!isKnown({ layout, facts }, name, sum)) return [{ name, file, text: bytes.value.toString('utf8'), sum, kept }];
    // A compile that died after its commit: the edit is in the generation already.
    if (kept) removeFile(file);
    else noteKnown(layout, name, sum);
    return [];
  });
}

/** Only touched: noted as it lies there. An older text of ours (a backup, a checkout): written again by the next pass. */
function noteKnown(layout: BucketLayout, name: string, sum: string): void {
  if (readMirrorState(layout)?.files[name]?.sha256 === sum) noteMirror(layout, name, sum);
  else markLagging(layout);
}

/** Told by stat alone: a mirror of some megabytes is not hashed at every compile. */
function isUntouched({ layout, noted: mirrors }: EditSearch, name: string): boolean {
  const noted = mirrors[name];
  const facts = factsOf(path.join(layout.stateDir, name));
  return (
    noted !== undefined && facts?.mtimeNs === noted.mtimeNs && facts.size === noted.size && facts.ino === noted.ino
  );
}

/** An edit in edits/ that nobody can read: out of the way of further looks, and there for its owner. */
export function parkUnreadable(edit: Edit): string {
  if (!edit.kept) return edit.file;
  const parked = `${edit.file}${UNREADABLE}`;
  moveFile(edit.file, parked);
  return parked;
}
