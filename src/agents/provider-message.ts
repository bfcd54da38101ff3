import { isRecord } from '../contracts/json.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import { parseJson } from './json-in-text.ts';

const MAX_LENGTH = 400;
/** So much of a body is looked at; the rest could not become part of a message anyway. */
const LOOKED_AT = 8_000;
/** A provider that repeats a key masks its middle; so many characters in a row give it away all the same. */
const TELLTALE = 6;

/**
 * What a provider says went wrong, fit for a log: its own message when the body has one, without the
 * key or parts of it, redacted, at most 400 characters, in one line.
 */
export function providerMessage(body: string, key: string): string {
  const told = messageIn(body.slice(0, LOOKED_AT), body);
  return oneLine(redactBuiltin(withoutKey(told, key))).slice(0, MAX_LENGTH);
}

/** A run of masks is looked at from its beginning only: a provider may send a hundred thousand of them. */
const MASKED = /[A-Za-z0-9][*•]{3,}|(?<![*•])[*•]{3,}[A-Za-z0-9]/;

/** The text without every word that shares six characters in a row with the key, or has a masked middle. */
export function withoutKey(text: string, key: string): string {
  const telltales = telltalesOf(key);
  return text.replaceAll(/[^\s"'`,;(){}<>]+/g, (word) => {
    const masked = MASKED.test(word);
    return masked || word === key || sharesOne(word, telltales) ? '[redacted:api-key]' : word;
  });
}

function telltalesOf(key: string): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at + TELLTALE <= key.length; at++) found.add(key.slice(at, at + TELLTALE));
  return found;
}

function sharesOne(word: string, telltales: Set<string>): boolean {
  for (let at = 0; at + TELLTALE <= word.length; at++) if (telltales.has(word.slice(at, at + TELLTALE))) return true;
  return false;
}

function messageIn(shown: string, body: string): string {
  if (isHtml(shown)) return `an HTML page${titleOf(shown)}`;
  const parsed = parseJson(body);
  return (isRecord(parsed) ? messageOf(parsed) : undefined) ?? shown;
}

/** Where the dialects and the gateways before them put the sentence for people. */
function messageOf(body: Record<string, unknown>): string | undefined {
  const { error, base_resp: minimax, message, detail } = body;
  const nested = [error, minimax].filter(isRecord).flatMap((inner) => [inner['message'], inner['status_msg']]);
  return [...nested, error, message, detail].find(
    (told): told is string => typeof told === 'string' && told.trim() !== '',
  );
}

/** A failure that came with a success's status: some gateways, and MiniMax's `base_resp`, do that. */
export function isErrorBody(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const { error, base_resp: minimax } = body;
  return (
    isRecord(error) ||
    (typeof error === 'string' && error !== '') ||
    (isRecord(minimax) && typeof minimax['status_code'] === 'number' && minimax['status_code'] !== 0)
  );
}

/** OpenAI's words for an account without money, under a status that otherwise means "later". */
export function isQuotaUsedUp(text: string): boolean {
  const body = parseJson(text);
  const error = isRecord(body) ? body['error'] : undefined;
  return isRecord(error) && [error['code'], error['type']].includes('insufficient_quota');
}

export const isHtml = (text: string): boolean => /^\s*<(?:!doctype|html|head|body)\b/i.test(text.slice(0, 500));

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(html)?.[1]?.trim();
  return title ? ` ("${title}")` : '';
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
