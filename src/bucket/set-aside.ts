import path from 'node:path';
import { attempt } from '../kernel/disk-failure.ts';
import { exists } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { moveFile } from '../kernel/move-files.ts';

/** A file that was moved out of the way because nothing can be done with it, and why. */
export interface SetAside {
  /** Where it lay. */
  path: string;
  /** Where it lies now, `<name>.reason.txt` beside it. */
  keptAt: string;
  reason: string;
}

/**
 * Moves a file (a link itself, never what it points to) into the bucket's set-aside/ and writes the
 * reason beside it. Nothing is ever deleted or replaced there.
 *
 * @returns undefined when the file was gone already
 */
export function setAside(layout: Pick<BucketLayout, 'setAside'>, file: string, reason: string): SetAside | undefined {
  makeFolder(layout.setAside);
  const keptAt = freeName(path.join(layout.setAside, path.basename(file)));
  if (!moveFile(file, keptAt)) return undefined;
  // The reason is a kindness to whoever looks; a disk that is full must not keep the file in everybody's way.
  attempt(() => writeDurably(`${keptAt}.reason.txt`, `${reason}\n`, { exclusive: true }));
  return { path: file, keptAt, reason };
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let round = 2; exists(name) || exists(`${name}.reason.txt`); round++) name = `${wanted}.${round}`;
  return name;
}
