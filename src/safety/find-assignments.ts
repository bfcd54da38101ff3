import { isRedacted, type Finding } from './finding.ts';
import { NAME_HINT, secretNameOf, type SecretName } from './secret-names.ts';
import { isSecretBare, isSecretLiteral, isWordPassword, type Setting } from './secret-values.ts';
import { blockAt } from './yaml-blocks.ts';

/** No name of a variable is longer; also what bounds the look to the left of a hint. */
const LONGEST_NAME = 64;
const LONGEST_VALUE = 4096;

const NAME_BEFORE =
  /(?:\b(?:api|access|secret|private|auth|client|signing|encryption|master|license|root|admin|service) )?[A-Za-z0-9_.-]*$/i;
const NAME_AFTER = /[A-Za-z0-9_-]{0,64}/y;

/**
 * Between name and value: a closing quote, a type, and one of `=`, `:`, `=>`, `:=`, `==`, an opening tag's `>`,
 * full-width signs, `is`, `as` and their Chinese twins.
 */
const SEPARATOR =
  /(?:\\{0,3}["'`])?\]?[ \t]{0,8}(?:(?:!|\?)?:[ \t]{0,2}(?:&?(?:'static )?[A-Za-z][\w.<>[\]|& ]{0,24}?)[ \t]{0,4}=(?!=)|(?:string|String|str|\[\]byte)[ \t]{1,4}:?=|:=|=>|={1,3}|!={1,2}|:(?!:)|：|＝|->)\s{0,8}/y;
const FLAG_SEPARATOR = /[ \t]{1,4}(?=["'A-Za-z0-9])/y;
/** Windows keeps a variable by a command without a sign between name and value. */
const SETX_BEFORE = /\bsetx(?:\.exe)?[ \t]{1,4}["']?$/i;
const SETX_SEPARATOR = /["']?[ \t]{1,4}(?=[^\s/])/y;
const SETX_ENDS = /^["'`]?[ \t]*(?:$|[\n\r\\&;|`]|\/[a-z]\b)/i;
const CALL_SEPARATOR = /[ \t]?\([ \t]{0,4}(?=["'`])/y;
const SPOKEN_SEPARATOR = /["'`]?[ \t]{1,4}(?:is now|is set to|set to|is|was|to|equals)[ \t]{0,2}:?[ \t]{1,4}/iy;
const PAIRED_SEPARATOR = /\\{0,3}["']?[\s,;]{1,40}\\{0,3}["']?[vV]alue\\{0,3}["']?[ \t]{0,4}[:=][ \t]{0,4}/y;
const TAG_SEPARATOR = />(?=[^<\s])/y;

const QUOTE = /[bBrRfFuL@$]?(\\{0,3})(["'`])/y;
/** Longer values without quotes are data; the tokens among them have a shape of their own. */
const LONGEST_BARE = 512;
const BARE = /[^\s"'`<>,;(){}[\]|&，。；]{1,513}/y;
const BARE_VARIABLE = /[^\s"'`<>]{1,4096}/y;
const REST_OF_LINE = /[^\n\r"'`<>]{1,400}/y;

type Join = 'sign' | 'setx' | 'flag' | 'call' | 'spoken' | 'paired' | 'tag';
interface Named extends SecretName {
  nameStart: number;
  valueStart: number;
  join: Join;
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The separator that follows the name, and the kind of sentence it makes. */
function joinAt(text: string, nameStart: number, nameEnd: number): { join: Join; length: number } | undefined {
  const before = text.slice(Math.max(0, nameStart - 3), nameStart);
  const rows: [Join, RegExp, boolean][] = [
    ['paired', PAIRED_SEPARATOR, true],
    ['sign', SEPARATOR, true],
    ['setx', SETX_SEPARATOR, SETX_BEFORE.test(text.slice(Math.max(0, nameStart - 16), nameStart))],
    ['flag', FLAG_SEPARATOR, text.charAt(nameStart) === '-' || /-{1,2}$/.test(before)],
    ['call', CALL_SEPARATOR, true],
    ['tag', TAG_SEPARATOR, before.endsWith('<')],
    ['spoken', SPOKEN_SEPARATOR, true],
  ];
  for (const [join, pattern, applies] of rows) {
    const length = applies ? lengthAt(pattern, text, nameEnd) : 0;
    if (length > 0) return { join, length };
  }
  return undefined;
}

interface Quoted {
  start: number;
  end: number;
}

/** The inside of the string literal at this position; a quote that never closes on its line is none. */
function quotedAt(text: string, at: number): Quoted | undefined {
  QUOTE.lastIndex = at;
  const match = QUOTE.exec(text);
  if (match === null) return undefined;
  const start = at + match[0].length;
  const closing = `${match[1] ?? ''}${match[2] ?? ''}`;
  const limit = Math.min(text.length, start + LONGEST_VALUE);
  for (let index = start; index < limit; index += 1) {
    if (text.charAt(index) === '\n') return undefined;
    if (text.startsWith(closing, index)) return { start, end: index };
    if (text.charAt(index) === '\\') index += 1;
  }
  return undefined;
}

const LINE_START = /(?:^|\n|\\n)[ \t]*(?:export |set |\/\/[^\s:]{1,100}:)?$/;
const ITEM_START = /(?:^|\n|\\n)[ \t>-]*["']?$/;
const STATEMENT_END = /^\s*(?:[\n\r\\#;]|$)/;
const LINE_ENDS = /^[ \t]*(?:[\n\r]|\\n|#|$)/;

/** `NAME=value` of a shell, a file of variables or a connection string. */
const isVariable = (name: string, before: string, after: string): boolean =>
  /^[A-Z][A-Z0-9_]*=$/.test(name) || /;\s?$/.test(before) || (LINE_START.test(before) && STATEMENT_END.test(after));

/** How the line reads in which the name stands. */
function settingOf(text: string, { nameStart, valueStart, join }: Named, end: number): Setting {
  const before = text.slice(Math.max(0, nameStart - 40), nameStart);
  const name = text.slice(nameStart, valueStart);
  const after = text.slice(end, end + 6);
  if (join === 'sign' && /[^=!:]=$/.test(name) && isVariable(name, before, after)) return 'variables';
  if (join === 'setx') return SETX_ENDS.test(text.slice(end, end + 8)) ? 'variables' : 'spoken';
  if (join === 'spoken' || join === 'flag' || join === 'call') return 'spoken';
  return join === 'tag' || (ITEM_START.test(before) && LINE_ENDS.test(after)) ? 'own-line' : 'inline';
}

/** `password = decrypt2fa(…)` */
const isCall = (text: string, { valueStart, strength, join }: Named, value: string): boolean =>
  strength === 'password' && join === 'sign' && /^[\w$.]+[([]$/.test(value + text.charAt(valueStart + value.length));

/** `log in with passwd=correcthorse`: not among arguments in code, and without blanks around the sign. */
function isWordAmongWords(text: string, { strength, nameStart, valueStart }: Named, value: string): boolean {
  if (strength !== 'password' || text.charAt(valueStart - 1) !== '=' || !isWordPassword(value)) return false;
  const end = valueStart + value.length;
  const before = text.slice(Math.max(0, nameStart - 40), nameStart);
  return (
    /(?:^|[\s"'`])$/.test(before) &&
    !/[,([{]\s*$/.test(before) &&
    /^["'`.,;!?]{0,2}(?:\s|$)/.test(text.slice(end, end + 3))
  );
}

function bareAt(text: string, named: Named): Finding | undefined {
  const { valueStart, strength, kind } = named;
  const isPhrase = /(?:phrase|mnemonic)\W*$/i.test(text.slice(named.nameStart, valueStart));
  const narrow = lengthAt(isPhrase ? REST_OF_LINE : BARE, text, valueStart);
  const setting = settingOf(text, named, valueStart + narrow);
  if (narrow > LONGEST_BARE && setting !== 'variables') return undefined;
  const length = setting === 'variables' && !isPhrase ? lengthAt(BARE_VARIABLE, text, valueStart) : narrow;
  const value = text
    .slice(valueStart, valueStart + length)
    .replace(/(?:\\[rn].*|;\s?[A-Za-z][\w ]{1,30}=.*|[.!?:]+)$/s, '');
  if (value === '' || isRedacted(value) || isCall(text, named, value)) return undefined;
  const secret = isPhrase
    ? /^\S+(?: \S+){3,}$/.test(value.trim())
    : isSecretBare(value, strength, setting) || isWordAmongWords(text, named, value);
  return secret ? { start: valueStart, end: valueStart + value.length, kind } : undefined;
}

/** `password: |` and the lines below. */
function blockOf(text: string, { valueStart, strength, kind }: Named): Finding | undefined {
  const block = blockAt(text, valueStart);
  if (block === undefined || isRedacted(block.value) || !isSecretLiteral(block.value, strength)) return undefined;
  return { start: block.start, end: block.end, kind };
}

function valueAt(text: string, named: Named): Finding | undefined {
  if (named.join === 'sign' && /[|>]/.test(text.charAt(named.valueStart))) return blockOf(text, named);
  const quoted = quotedAt(text, named.valueStart);
  if (quoted === undefined) return bareAt(text, named);
  const value = text.slice(quoted.start, quoted.end);
  if (isRedacted(value)) return undefined;
  const plain = named.join === 'call' || named.join === 'spoken' || named.join === 'flag';
  const secret = plain ? isSecretBare(value, named.strength, 'spoken') : isSecretLiteral(value, named.strength);
  return secret ? { ...quoted, kind: named.kind } : undefined;
}

/** The whole name around a hint, and what it says. */
function nameAround(text: string, hint: number, floor: number): { start: number; end: number } {
  const from = Math.max(floor, hint - LONGEST_NAME);
  const start = hint - (NAME_BEFORE.exec(text.slice(from, hint))?.[0].length ?? 0);
  return { start: skipEscape(text, start), end: hint + lengthAt(NAME_AFTER, text, hint) };
}

/** In `\nPASSWORD` the n belongs to the escape. */
const skipEscape = (text: string, start: number): number =>
  text.charAt(start - 1) === '\\' && /[nrt]/.test(text.charAt(start)) ? start + 1 : start;

/** Values whose name says that they are secret: shell, JSON (also inside JSON), YAML, TOML, XML, code, speech. */
export function findAssignments(text: string): Finding[] {
  const found: Finding[] = [];
  let floor = 0;
  for (const hint of text.matchAll(NAME_HINT)) {
    if (hint.index < floor) continue;
    const name = nameAround(text, hint.index, floor);
    floor = name.end;
    const verdict = secretNameOf(text.slice(name.start, name.end).replace(/^[-.]+/, ''));
    if (verdict === undefined) continue;
    const joined = joinAt(text, name.start, name.end);
    if (joined === undefined) continue;
    const valueStart = name.end + joined.length;
    const value = valueAt(text, { ...verdict, nameStart: name.start, valueStart, join: joined.join });
    if (value === undefined) continue;
    found.push(value);
    floor = value.end;
  }
  return found;
}

const SPOKEN_CHINESE =
  /(?:密码|口令|密钥|秘钥|令牌|パスワード|トークン|비밀번호)(?:[是为為は:：=＝ ]|设为|改成){1,4}["'“「`]?([^\s"'“”「」`，。,;；]{4,200})/g;

/** The same, spoken in Chinese, Japanese or Korean. */
export const findSpokenSecrets = (text: string): Finding[] =>
  [...text.matchAll(SPOKEN_CHINESE)].flatMap((match) => {
    const value = /^[\x21-\x7e]+/.exec(match[1] ?? '')?.[0] ?? '';
    const start = match.index + match[0].indexOf(match[1] ?? '');
    if (isRedacted(value) || !isSecretBare(value, 'password', 'spoken')) return [];
    return [{ start, end: start + value.length, kind: 'password' }];
  });
