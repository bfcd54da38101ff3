import writeFileAtomic from 'write-file-atomic';
import { diskFailure } from './disk-failure.ts';
import { refuseSymlink } from './files.ts';

/**
 * Writes a file that can be rendered again (published skills, pages): whole or not at all. State
 * that exists once goes through `writeDurably` instead; write-file-atomic does not sync the folder
 * and has been seen to leave a short file on a full disk.
 */
export function renderFile(file: string, content: string, mode = 0o600): void {
  // The package would write through a link to wherever it leads.
  refuseSymlink(file);
  try {
    writeFileAtomic.sync(file, content, { mode, fsync: true });
  } catch (error) {
    throw diskFailure('write', file, error);
  }
}
