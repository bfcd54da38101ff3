import { parseJson } from './json-in-text.ts';

/** A whole string, a comment, or a comma with nothing but blanks and comments between it and a closing bracket. */
const PARTS = /"(?:[^"\\]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|,(?=(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*[}\]])/g;

/** The value of a JSON text with comments and trailing commas; undefined when it is none. */
export const parseJsonc = (text: string): unknown =>
  parseJson(text.replaceAll(PARTS, (part) => (part.startsWith('"') ? part : '')));
