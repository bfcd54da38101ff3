import type { ReviewList } from '../compile/proposals-list.ts';
import { targetOf } from '../compile/proposals-list.ts';

/** Ids are 16 hex digits: fewer than half of them are soon another's, too. */
const LEAST = 8;

/** Makes an id of a suggestion or of an envelope as short as a person may type it. */
export type ShortId = (id: string) => string;

/** The shortest beginnings, from eight characters on, that name one of what is listed and nothing else; JSON has whole ids. */
export function shortIds({ suggestions, proposals }: Pick<ReviewList, 'suggestions' | 'proposals'>): ShortId {
  const names = [...new Set([...suggestions.map(({ id }) => targetOf(id).id), ...proposals.map(({ id }) => id)])];
  return (id) => {
    const end = id.includes('#') ? id.lastIndexOf('#') : id.length;
    const name = id.slice(0, end);
    let length = LEAST;
    while (length < name.length && names.some((other) => other !== name && other.startsWith(name.slice(0, length))))
      length++;
    return name.slice(0, length) + id.slice(end);
  };
}
