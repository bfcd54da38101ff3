import fs from 'node:fs';
import path from 'node:path';
import { DiskFailure } from './disk-failure.ts';

/**
 * Refuses a folder of ours into which somebody has laid symbolic links: what we write would land
 * outside, and what lies outside would be read. One listing, whatever the folder holds.
 *
 * @throws DiskFailure `symlink-refused`
 */
export function refuseLinksIn(folder: string): void {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    // Missing or unreadable: whoever reads or writes there says so.
    return;
  }
  const link = entries.find((entry) => entry.isSymbolicLink());
  if (link) throw new DiskFailure({ reason: 'symlink-refused', path: path.join(folder, link.name) });
}
