import type { NameStrength } from './secret-names.ts';
import { isHighEntropy } from './high-entropy.ts';

/** Stands for a value instead of being one: a variable, a template, a call, a blank to fill in. */
const REFERENCE =
  /^(?:\$|%[A-Za-z_]\w*%|<[^>]*>$|\{\{|\{[A-Za-z_]|@[A-Za-z_]+[@(]|#\{|process\.env|os\.|env[.[(]|import\.meta|secrets\.|vars?\.|vault:|op:\/\/|ref\+|arn:|ssm:|file:|\(|\[|!|&[a-z]|new\s|await\s|function|async\s|=>|&&|\|\|)/i;
const TEMPLATE_INSIDE = /\$\{|\{\{|\$\(|<%|%\(|#\{/;
const BLANK =
  /^(?:[*•xX.#?_-]{3,}|(?:your|my|the|some|insert|enter|replace|put|add|set|paste|example|sample|dummy|fake|placeholder|changeme|change[-_ ]?(?:me|this|it)|to[-_ ]?be|todo|tbd|fixme|redacted|removed|masked|hidden|omitted|none|null|nil|undefined|n\/a|true|false|yes|no|on|off|required|optional|string|str|text|number|boolean|bool|int|bytes?|any|unknown|void|never|object|array|date|self|this|super|empty|missing|invalid|valid|expired|default|auto|inherit|always|env|environment|file|prompt|ask|bearer|basic|digest|oauth2?|jwt|apikey|header|cookie|query|session|local|password|passwd|secret|secrets|token|key|keys|credentials?|user(?:name)?|admin_password|type|value|name)(?:$|[-_ .<:,;!?)](?=[a-z<])))/i;
const WORDS = /^[A-Za-z'’]+(?:[ ,.:;!?…-]+[A-Za-z'’]+)*[ .:;!?…]*$/;
const PROSE =
  /\b(?:enter|your|must|invalid|required|please|forgot|forgotten|reset|change|confirm|wrong|incorrect|missing|is|are|was|the|for|with|cannot|not|new|old|current|repeat|expired|should|will|can|use|used|from|when|than|characters)\b/i;
const PATH = /^(?:\.{0,2}|~)?\/?[\w@.-]+(?:\/[\w@.-]+)+\/?$|^[A-Za-z]:\\|^~?\/[\w./-]+$/;
const FILE =
  /^[\w./-]+\.(?:pem|key|json|ya?ml|txt|env|ts|js|tsx|jsx|py|go|rs|toml|ini|conf|cfg|crt|cer|p12|pfx|pub|md|html?|css|sh|sql|xml|lock|log)$/i;
const IDENTIFIER = /^[A-Za-z_$][\w$]*(?:(?:\.|\?\.|::|->)[A-Za-z_$][\w$]*)*[?!]?$/;
const NAME_OF_A_VARIABLE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

const classes = (value: string): number =>
  [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length;

/** A value that a person or a generator made up: figures or signs among the letters, and no path. */
export const looksMadeUp = (value: string, shortest: number): boolean =>
  value.length >= shortest && classes(value) >= 2 && /[0-9!@#$%^&*+=~]/.test(value);

/** Values that no name turns into a secret. */
function isNoValue(value: string): boolean {
  if (value.length < 3) return true;
  if (REFERENCE.test(value) && !isHighEntropy(value)) return true;
  if (TEMPLATE_INSIDE.test(value) || BLANK.test(value)) return true;
  if (/^https?:\/\/[^\s:@]+$/i.test(value)) return true;
  return (PATH.test(value) && !looksRandomPath(value)) || FILE.test(value);
}

/** Standard base64 has slashes too; a path is made of words. */
const looksRandomPath = (value: string): boolean => value.length >= 20 && isHighEntropy(value.replaceAll('/', ''));

const isOrdinaryWord = (value: string): boolean => /^[a-z]+(?:[-_.][a-z]+)*$/i.test(value);

/** A sentence of a user interface: "Enter your password". */
const isPrompt = (value: string): boolean =>
  /[?:…]$/.test(value) || (/\s/.test(value) && WORDS.test(value) && PROSE.test(value));

function isSecretWord(value: string): boolean {
  if (/\s/.test(value)) return !WORDS.test(value) && !/\s\S+\s/.test(value) && looksMadeUp(value, 12);
  if (NAME_OF_A_VARIABLE.test(value)) return isHighEntropy(value);
  return !isOrdinaryWord(value) || (value.length >= 16 && !/[-_.]/.test(value) && classes(value) >= 2);
}

/** Whether a value in quotes under such a name is a secret. */
export function isSecretLiteral(value: string, strength: NameStrength): boolean {
  if (isNoValue(value)) return false;
  if (strength === 'random') return looksGenerated(value);
  return strength === 'password' ? !isPrompt(value) : isSecretWord(value);
}

/** Where a bare value stands: in a file of variables, on a line of YAML of its own, in code, or in speech and commands. */
export type Setting = 'variables' | 'own-line' | 'inline' | 'spoken';

/** Whether a value without quotes under such a name is a secret. */
export function isSecretBare(value: string, strength: NameStrength, setting: Setting): boolean {
  if (isNoValue(value)) return false;
  if (strength === 'random') return looksGenerated(value);
  if (/[([]/.test(value) && IDENTIFIER.test(value.split(/[([]/)[0] ?? '')) return false;
  if (setting === 'variables') return !/^\d{1,3}$/.test(value);
  if (setting === 'own-line' && strength === 'password') return !isProseWord(value);
  return looksMadeUp(value, strength === 'password' ? 6 : 8) && (setting === 'spoken' || !isReference(value, strength));
}

/** Ends of words that a sentence or a setting says about a password: `passwd=disabled`, `passwd=authentication`. */
const SAID_OF_A_PASSWORD = /(?:ed|ing|tion|able|ible|ment|ness|less|ent|ive|where|thing|body|plain)$/;

/** `passwd=correcthorse` among words: letters alone are a password where they are long and nothing that code or prose says. */
export const isWordPassword = (value: string): boolean =>
  /^[a-z]{10,64}$/.test(value) && !NAMED_IN_CODE.test(value) && !SAID_OF_A_PASSWORD.test(value) && !isNoValue(value);

/** A word of a sentence, or the name of something: `required,`, `config.password`, `user_password`. */
const isProseWord = (value: string): boolean =>
  /[,.:;]$/.test(value) ||
  /^[\w$]+(?:\.[A-Za-z_$][\w$]*)+$/.test(value) ||
  /^[a-z]+(?:_[a-z]+)+$|^[a-z]+(?:[A-Z][a-z]+)+$/.test(value);

/** What code calls a thing that holds a password: `newPassword2`, `user_input1`, `argon2`. */
const NAMED_IN_CODE =
  /(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|credentials?|hash(?:ed)?|digest|salt|tokens?|keys?|values?|val|inputs?|str(?:ing)?|text|bytes|buf(?:fer)?|fields?|params?|arg(?:ument)?s?|var(?:iable)?|env|config|cfg|settings?|options?|opts|types?|schema|props?|prop(?:ert)?y|column|label|name|user|auth|oauth|data|result|response|request|req|res|sha|md|argon|base|utf|bcrypt|scrypt|pbkdf|encoded|decoded|encrypted|decrypted|step|phase|version|test|example|placeholder)_?[0-9]{0,4}$/i;

/**
 * `config.apiKey2`, `user_token`, `sha256`: an identifier, unless nobody would name a thing so. Passwords of
 * people look like identifiers more often than not, so under their names a figure is enough where the word
 * before it is none of code.
 */
function isReference(value: string, strength: NameStrength): boolean {
  if (!IDENTIFIER.test(value) || isHighEntropy(value)) return false;
  if (/[.>:]/.test(value)) return true;
  const figures = value.match(/[0-9]/g)?.length ?? 0;
  if (figures >= 2 && (value.length >= 8 || !/^[a-z]+(?:[A-Z_][a-z]*)*[0-9]{1,4}$/.test(value))) return false;
  return strength !== 'password' || value.length < 8 || NAMED_IN_CODE.test(value);
}

const DIGEST = /^(?:(?:0x)?[0-9a-f]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:sha\d+|md5|h1)[-:].*)$/i;

/** Random by its looks: for names that often carry ordinary values. Digests are left alone. */
function looksGenerated(value: string): boolean {
  if (value.length < 16 || /\s/.test(value) || isNoValue(value) || DIGEST.test(value)) return false;
  const figures = value.match(/[0-9]/g)?.length ?? 0;
  if (figures < 2 || !/[a-z]/i.test(value)) return false;
  const hasWords = /[a-z]{4,}[-_/]|[-_/][a-z]{4,}/.test(value);
  return isHighEntropy(value) || (figures >= 4 && /^[A-Za-z0-9+/=_-]+$/.test(value) && !hasWords);
}
