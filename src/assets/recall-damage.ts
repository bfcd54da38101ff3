import path from 'node:path';
import type { Failure } from '../contracts/failure.ts';
import type { Generation } from '../contracts/generation.ts';
import { lookAt } from '../kernel/files.ts';

/**
 * What is wrong with the recall records of a generation, by kind and size of their files. Segments do not count: they are
 * made anew from the records. One look per chunk, for whoever builds on a generation; hooks do not ask.
 *
 * @returns undefined when all are there
 * @throws DiskFailure when the folder cannot be looked at
 */
export function damageOfRecords(
  folder: string,
  { recall_chunks: chunks, files }: Pick<Generation, 'recall_chunks' | 'files'>,
): Failure | undefined {
  for (const { name } of chunks) {
    const lines = `${name}.jsonl`;
    const file = path.join(folder, lines);
    const found = lookAt(file);
    const size = files[lines]?.size;
    if (!found) return { reason: 'file-missing', path: file };
    if (found.kind !== 'file') return { reason: 'file-invalid', path: file, detail: `it is a ${found.kind}` };
    if (size !== undefined && found.size !== size)
      return { reason: 'file-invalid', path: file, detail: `it has ${found.size} bytes, not ${size}` };
  }
  return undefined;
}
