import type { Finding } from './finding.ts';
import { MOST_LOOKED_AT, TOKEN_SHAPES, tokenEnds } from './token-shapes.ts';

/** Tokens are longer than words; looking only at long runs keeps ordinary text cheap. */
const LONG_RUN = /[A-Za-z0-9_.~+/=:$%-]{16,}/g;

/**
 * What may stand directly before a token although it is a letter or a figure: the end of an escape in JSON
 * (`\n`, `\u003d`), in a URL (`%3D`) or of a terminal colour.
 */
const ESCAPE_BEFORE = /(?:\\[nrtbf0v]|\\u[0-9a-f]{4}|%[0-9a-f]{2}|\[[0-9;]{0,8}m)$/i;

let combined: RegExp | undefined;

/** One expression with a group per shape; compiled on the first use, because most hook calls never need it. */
function combinedPattern(): RegExp {
  combined ??= new RegExp(TOKEN_SHAPES.map(({ head }) => `(${head})`).join('|'), 'g');
  return combined;
}

/** True when nothing that belongs to a longer word stands before the position. */
function startsToken(text: string, start: number): boolean {
  if (start === 0 || !/[A-Za-z0-9]/.test(text.charAt(start - 1))) return true;
  return ESCAPE_BEFORE.test(text.slice(Math.max(0, start - 12), start));
}

/** Asks for the token at a match of the combined pattern in the run that begins at `offset`. */
function tokensOf(text: string): (match: RegExpExecArray, offset: number) => Finding | undefined {
  const endOf = tokenEnds(text);
  return (match, offset) => {
    const start = offset + match.index;
    if (!startsToken(text, start)) return undefined;
    const shape = TOKEN_SHAPES[match.findIndex((group, index) => index > 0 && group !== undefined) - 1];
    if (shape === undefined) return undefined;
    const end = endOf(start + match[0].length, shape.tail);
    if (shape.looksLike?.(text.slice(start, Math.min(end, start + MOST_LOOKED_AT))) === false) return undefined;
    return { start, end, kind: shape.kind };
  };
}

/** Tokens that their issuer made recognisable. */
export function findTokens(text: string): Finding[] {
  const found: Finding[] = [];
  const tokenAt = tokensOf(text);
  for (const { 0: run, index: offset } of text.matchAll(LONG_RUN)) {
    const pattern = combinedPattern();
    pattern.lastIndex = 0;
    for (let match = pattern.exec(run); match !== null; match = pattern.exec(run)) {
      const token = tokenAt(match, offset);
      // Only the head was consumed: a rejected one may hide a real one that begins inside of it.
      pattern.lastIndex = token === undefined ? match.index + 1 : token.end - offset;
      if (token !== undefined) found.push(token);
    }
  }
  return found;
}

const DOTTED_RUN = /[A-Za-z0-9_.=-]{20,}/g;
/** Header, payload and signature of a JWS; a JWE has five parts. */
const MAX_JWT_PARTS = 5;

/** JSON Web Tokens, also cut ones: `{"` in base64url begins with `eyJ`, and a dot follows. */
export function findJsonWebTokens(text: string): Finding[] {
  const found: Finding[] = [];
  for (const { 0: run, index: offset } of text.matchAll(DOTTED_RUN)) {
    const parts = run.split('.');
    let at = offset;
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] ?? '';
      const start = part.indexOf('eyJ');
      const payload = parts[index + 1] ?? '';
      if (start >= 0 && part.length - start >= 11 && payload.length >= 8) {
        const token = parts.slice(index, index + MAX_JWT_PARTS).join('.');
        found.push({ start: at + start, end: at + token.length, kind: 'jwt' });
        at += token.length + 1;
        index += MAX_JWT_PARTS - 1;
      } else at += part.length + 1;
    }
  }
  return found;
}

/** Marks that Azure puts into the second half of its keys, so that scanners can know them. */
const AZURE_MARK = /(?:AzFu|AzSe|AzCa|\+ACR|\+ASt|ACDb|AIoT|\+AMC|\+AEh|\+ABa)[A-Za-z0-9+/_-]{6,12}={0,2}/g;
const AZURE_BODY_BEFORE = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,80}$/;

/** Azure keys: storage, functions, search, registry, Cosmos, IoT. */
export function findAzureKeys(text: string): Finding[] {
  return [...text.matchAll(AZURE_MARK)].flatMap((match) => {
    const body = AZURE_BODY_BEFORE.exec(text.slice(Math.max(0, match.index - 81), match.index));
    if (body === null) return [];
    return [{ start: match.index - body[0].length, end: match.index + match[0].length, kind: 'azure-key' }];
  });
}
