import { OUTSIDE_NAME } from '../contracts/outside-name.ts';

/** Names of queue entries and leases: on the Stop hook's path, so without node:crypto. */

/** Session, turn and counter must fit together into the 255 bytes of a file name. */
const LONGEST_PART = 100;

const partOf = (name: string): string =>
  OUTSIDE_NAME.test(name) && name.length <= LONGEST_PART ? name : `h-${shortHash(name)}`;

/**
 * File name of a queue entry.
 * @param count 1 for the first Stop of a turn; a further one of the same turn gets a name of its own
 */
export const queueName = (session: string, turn: string, count: number): string =>
  `${partOf(session)}.${partOf(turn === '' ? 'turn' : turn)}${count === 1 ? '' : `.${count}`}.json`;

/** Beginning of the names of all entries of a session; another session may share it, so readers look inside as well. */
export const queuePrefix = (session: string): string => `${partOf(session)}.`;

/** Whether a file in the queue folder is an entry: temporary and "conflicted copy" files are not. */
export const isQueueName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]*\.json$/.test(name);

/** Two rounds of FNV-1a as 16 hex characters. Tells names apart; it is no protection against anybody. */
export function shortHash(text: string): string {
  return fnv(text, 0x811c9dc5) + fnv(text, 0x1b873593);
}

function fnv(text: string, seed: number): string {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
