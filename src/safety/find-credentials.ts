import { isRedacted, type Finding } from './finding.ts';
import { looksMadeUp } from './secret-values.ts';
import { isHighEntropy } from './high-entropy.ts';

const NOT_REAL =
  /^(?:[*•xX.#_-]+|\$.*|%.*%|<.*>|\{.*\}|\[.*\]?|pass(?:word|wd)?|pwd|secret|token|key|your.*|user(?:name)?)$/i;

/** A finding for the text of one group, unless it is a blank to fill in. */
export function groupOf(match: RegExpExecArray, group: number, kind: string): Finding[] {
  const value = match[group];
  if (value === undefined || value === '' || NOT_REAL.test(value) || isRedacted(value)) return [];
  const start = match.index + match[0].lastIndexOf(value);
  return [{ start, end: start + value.length, kind }];
}

const URL_WITH_PASSWORD = /:\/\/[^\s/?#:@"'<>`]{0,200}:([^\s/?#"'<>`]{1,400})@(?=[\w.[$-])/g;
/** Passwords in connection strings often contain a raw slash or a question mark. */
const CONNECTION =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|nats|ftp|sftp|smtps?|ldaps?|cloudinary|kafka)(?:\+\w{1,20})?:\/\/[^\s/:@"'<>`]{0,100}:([^\s@"'<>`]{1,200})@(?=[\w.[$-])/gi;
const URL_WITH_TOKEN = /:\/\/([A-Za-z0-9_.~-]{16,400})@(?=[\w.[-])/g;

/** Passwords and tokens in front of the host of a URL. */
export const findUrlPasswords = (text: string): Finding[] => [
  ...[...text.matchAll(URL_WITH_PASSWORD)].flatMap((match) => groupOf(match, 1, 'url-password')),
  ...[...text.matchAll(CONNECTION)].flatMap((match) => groupOf(match, 1, 'url-password')),
  ...[...text.matchAll(URL_WITH_TOKEN)].flatMap((match) =>
    looksMadeUp(match[1] ?? '', 16) ? groupOf(match, 1, 'url-token') : [],
  ),
];

const QUERY =
  /[?&#;](?:amp;)?(?:X-(?:Amz|Goog|Tos|Oss)-(?:Signature|Security-Token|Credential)|sig|signature|access_token|refresh_token|id_token|api_?key|apikey|auth|token|secret|password|passwd|pwd|code|client_secret|session_?id|sid|key|ticket|otp)=([^\s&#"'<>`;,)\]}]{6,2000})/gi;

/** Credentials among the parameters of a URL. */
export const findQuerySecrets = (text: string): Finding[] =>
  [...text.matchAll(QUERY)].flatMap((match) =>
    looksMadeUp(match[1] ?? '', 8) ? groupOf(match, 1, 'url-parameter') : [],
  );

const HEADER = /\b((?:proxy-)?authorization)\\{0,3}["']?\s{0,4}[:=,]\s{0,4}\\{0,3}["'`]?([^\n\r"'`\\]{1,4000})/gi;
const SCHEME =
  /^(?:(?:Bearer|Basic|Token|Digest|Negotiate|NTLM|ApiKey|Key|Bot|OAuth|GenieKey|Hawk|SSWS|AWS4-HMAC-SHA256|PRIVATE-TOKEN)\s{1,4})?/i;
const COOKIE = /\b(?:set-)?cookie\\{0,3}["']?\s{0,4}:\s{0,4}\\{0,3}["'`]?([^\s=;,"'`\\]{1,80}=[^\n\r"'`\\]{1,4000})/gi;
const BARE_SCHEME = /\b(?:Bearer|Basic)[ \t]{1,4}([A-Za-z0-9_.~+/=-]{8,4000})/g;
const KEY_HEADER =
  /\b(?:x-[a-z-]{0,30}(?:key|token|secret|auth|signature)|api-?key|apikey|private-token|job-token|x-auth[a-z-]{0,20}|ocp-apim-subscription-key|cf-access-client-secret|dd-api-key|dd-application-key)\\{0,3}["']?\s{0,4}[:=]\s{0,4}\\{0,3}["'`]?([^\s"'`\\,;]{6,4000})/gi;

/** Schemes whose credentials are a list of parameters instead of one token. */
const WITH_PARAMETERS = /^(?:Digest|Hawk|OAuth|AWS4)/i;
const WORDS_ONLY = /^[A-Za-z'’-]+(?:[ ,.;:()-]+[A-Za-z'’-]+)*[.;:)]*$/;

/** "Authorization: required", `Bearer ${token}`, `Basic auth` are no credentials. */
function areCredentials(value: string, scheme: string): boolean {
  if (NOT_REAL.test(value) || isRedacted(value) || /^[$<{[(]/.test(value)) return false;
  if (WORDS_ONLY.test(value)) return isHighEntropy(value);
  if (scheme === '') return looksMadeUp(value, 8) && !/\s/.test(value);
  return value.length >= 6 && !/^[a-z._]+$/i.test(value);
}

/** The credentials after the scheme of an `Authorization` header. */
function credentialsIn(match: RegExpExecArray): Finding[] {
  const whole = match[2] ?? '';
  const scheme = SCHEME.exec(whole)?.[0] ?? '';
  const rest = whole.slice(scheme.length).replace(/[\s,;)}\]]+$/, '');
  const value = scheme === '' || WITH_PARAMETERS.test(scheme) ? rest : (/^\S+/.exec(rest)?.[0] ?? rest);
  if (!areCredentials(value, scheme)) return [];
  const start = match.index + match[0].length - whole.length + scheme.length;
  return [{ start, end: start + value.length, kind: 'authorization' }];
}

const COOKIE_VALUE = /^[^=;]{1,80}=[^;=]{6,}/;

/** `Authorization`, cookies, key headers and bare `Bearer …`. */
export const findHeaders = (text: string): Finding[] => [
  ...[...text.matchAll(HEADER)].flatMap(credentialsIn),
  ...[...text.matchAll(COOKIE)].flatMap((match) =>
    COOKIE_VALUE.test(match[1] ?? '') && /[0-9%]/.test(match[1] ?? '') && !/^[^=]*=[$<{]/.test(match[1] ?? '')
      ? groupOf(match, 1, 'cookie')
      : [],
  ),
  ...[...text.matchAll(BARE_SCHEME)].flatMap((match) =>
    looksMadeUp(match[1] ?? '', 12) && !isWordy(match[1] ?? '') ? groupOf(match, 1, 'authorization') : [],
  ),
  ...[...text.matchAll(KEY_HEADER)].flatMap((match) =>
    looksMadeUp(match[1] ?? '', 8) && !/^[$<{[(]/.test(match[1] ?? '') ? groupOf(match, 1, 'key') : [],
  ),
];

const isWordy = (value: string): boolean => /^[A-Z]?[a-z]+(?:[-_./][A-Z]?[a-z]+)*[-_./]?\d{0,4}$/.test(value);

const WEBHOOKS: readonly RegExp[] = [
  /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9/_-]{16,200})/g,
  /\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/([0-9]{15,22}\/[A-Za-z0-9_-]{40,100})/g,
  /\bwebhook\.office\.com\/(?:webhookb2\/)?([A-Za-z0-9@/_-]{40,400})/g,
  /\bhooks\.zapier\.com\/hooks\/catch\/([0-9]{4,12}\/[A-Za-z0-9]{5,20})/g,
  /\bapi\.telegram\.org\/(?:file\/)?bot([0-9]{6,12}:[A-Za-z0-9_-]{30,40})/g,
  /\b(?:oapi\.dingtalk\.com\/robot\/send\?access_token=|open\.feishu\.cn\/open-apis\/bot\/v2\/hook\/|qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=)([A-Za-z0-9-]{20,80})/g,
];

/** Addresses that anybody who knows them may post to. */
export const findWebhooks = (text: string): Finding[] =>
  WEBHOOKS.flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match) => groupOf(match, 1, 'webhook')));
