import { saysTheSame } from './similarity.ts';

/** Ends of sentences and lines; a stop inside a name or a number ends nothing. */
const SENTENCE_END = /(?<=[.!?])\s+|(?<=[。！？])|\n+/u;

const sentencesOf = (text: string): string[] => text.split(SENTENCE_END).filter((sentence) => sentence.trim() !== '');

/** Whether a text says, sentence by sentence, everything that the other one says: that one may go then. */
export function covers(text: string, other: string): boolean {
  if (text === other || saysTheSame(text, other)) return true;
  const said = sentencesOf(text);
  const wanted = sentencesOf(other);
  return wanted.length > 0 && wanted.every((sentence) => said.some((candidate) => saysTheSame(candidate, sentence)));
}
