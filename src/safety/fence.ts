import { stripHidden } from './hidden-text.ts';

const NONCE = /^[A-Za-z0-9-]{8,64}$/;
/** Whatever resembles one of our fences, with any nonce, in any case, however it is spaced. */
const LIKE_A_FENCE =
  /<{2,3}\s{0,8}untrusted[\s:]|[:\w-]{0,80}\s{0,8}untrusted\s{0,8}>{2,3}|untrusted\s{0,8}:\s{0,8}[\w-]{1,80}\s{0,8}>{2,3}/gi;

/** The line that opens a fence. */
export const openingFence = (nonce: string): string => `<<<untrusted:${nonce}`;
/** The line that closes it. */
export const closingFence = (nonce: string): string => `untrusted:${nonce}>>>`;

/**
 * Wraps a text of strangers as data: between two lines that carry the nonce, without hidden characters and without
 * anything that could be read as one of our fences.
 *
 * The nonce is 8 to 64 letters, figures or hyphens that the text's author cannot know; another one is a bug.
 */
export function fenceUntrusted(text: string, nonce: string): string {
  if (!NONCE.test(nonce)) throw new Error('a fence needs a nonce of 8 to 64 letters, figures or hyphens');
  const inert = stripHidden(text).replaceAll(nonce, '[nonce]').replaceAll(LIKE_A_FENCE, '[fence]');
  return `${openingFence(nonce)}\n${inert}\n${closingFence(nonce)}`;
}
