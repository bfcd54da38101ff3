import { sha1 } from '../kernel/digest.ts';

/** `repo_fingerprint` of records and envelopes: sha1 of the canonical root, in hex. */
export const repoFingerprint = (root: string): string => sha1(root);
