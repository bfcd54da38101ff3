import { createHash, randomUUID } from 'node:crypto';
import { OUTSIDE_NAME } from '../contracts/outside-name.ts';

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
export const sha1 = (content: string | Uint8Array): string => createHash('sha1').update(content).digest('hex');

/** Stable id of an envelope: the first 16 hex of sha1. */
export const stableId = (...parts: string[]): string => sha1(parts.join('\n')).slice(0, 16);

/** Id of a recall record: the first 12 hex of sha1(content). */
export const recallId = (content: string): string => sha1(content).slice(0, 12);

export const randomId = (): string => randomUUID();

/** A name from outside as a file name: itself when it is harmless, otherwise its hash. */
export const safeName = (name: string): string => (OUTSIDE_NAME.test(name) ? name : `h-${sha256(name).slice(0, 32)}`);
