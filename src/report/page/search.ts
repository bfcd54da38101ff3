/** The search of the page: records that have every word, wherever in them; those that have it in their title first. */

export interface Searchable {
  id: string;
  summary: string;
  content: string;
  thread: string;
  sources: readonly string[];
}

/** Records with their texts as they are compared; made once. */
export interface SearchIndex<T> {
  records: readonly T[];
  titles: string[];
  texts: string[];
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

export function indexOf<T extends Searchable>(records: readonly T[]): SearchIndex<T> {
  return {
    records,
    titles: records.map(({ summary }) => plain(summary)),
    texts: records.map(({ id, content, thread, sources }) => plain([content, id, thread, ...sources].join('\n'))),
  };
}

/** Words of a query; all of them must be there. */
export const wordsOf = (query: string): string[] => plain(query).split(/\s+/).filter(Boolean);

/** @returns the records of the index that have all words, in the order of the index, title matches first; all of them without words */
export function find<T>(index: SearchIndex<T>, query: string): T[] {
  const words = wordsOf(query);
  if (words.length === 0) return [...index.records];
  const inTitle: T[] = [];
  const inText: T[] = [];
  for (const [at, record] of index.records.entries()) {
    const title = index.titles[at] ?? '';
    const text = index.texts[at] ?? '';
    if (words.every((word) => title.includes(word))) inTitle.push(record);
    else if (words.every((word) => title.includes(word) || text.includes(word))) inText.push(record);
  }
  return [...inTitle, ...inText];
}

/** A text cut at the places where one of the words stands; every second part is a match. */
export function matchesIn(text: string, words: readonly string[]): string[] {
  if (words.length === 0) return [text];
  const escaped = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return text.split(new RegExp(`(${escaped.join('|')})`, 'iu'));
}

/** The part of a long text around its first match, `longest` characters of it. */
export function excerpt(text: string, words: readonly string[], longest: number): string {
  if (text.length <= longest) return text;
  const lower = text.toLowerCase();
  const hits = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const first = hits.length > 0 ? Math.min(...hits) : 0;
  const start = first < longest * 0.7 ? 0 : first - Math.floor(longest / 3);
  return `${start > 0 ? '…' : ''}${text.slice(start, start + longest)}${start + longest < text.length ? '…' : ''}`;
}
