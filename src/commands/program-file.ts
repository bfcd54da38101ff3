import path from 'node:path';
import { realPath } from '../kernel/move-files.ts';

/** Absolute path of csep.js: it lies beside whichever bin was called. */
export const recallProgram = (): string => path.join(path.dirname(realPath(process.argv[1] ?? '')), 'csep.js');
