import { clauseBefore, isRefused } from './lint-patterns.ts';

/** What a command line reads that is nobody else's business. */
const SOURCE =
  /(?<![\w.-])(?:env|printenv|set|export -p)\s*(?:[|>)]|$)|(?<![\w.])~\/\.[a-z]\w*|\$HOME\/\.\w+|(?<!\w)\.ssh\/|\bid_(?:rsa|ed25519)\b|(?<![\w])\.env\b(?!\.(?:example|sample|template))|\/etc\/(?:passwd|shadow)|\|\s*base64\b[^|\n]{0,40}\|\s*(?=curl|nc|wget|ncat)|\bgit (?:diff|log|bundle|archive|stash|show)\b|\b(?:history|whoami|hostname|pbpaste|xclip|screencapture)\b|\$\(\s*(?:cat|env|id|whoami|hostname|git|history|ls|uname|base64|gh|aws)\b|\btar\b[^|\n]{0,60}?\s(?:~|\$HOME|\/home|\/root|\.git\b|\.(?=\s|$|\s*\|))|\b(?:zip|tar)\b[^|\n]{0,40}?\s\.(?=\s|$)|(?<![\w.])~\/(?:Documents|Desktop|Downloads|Library)\b|\bos\.environ\b(?!\s*(?:\[|\.get))|\bprocess\.env\b(?!\.|\[)|\b(?:gh auth token|aws configure export|gcloud auth print|security find-|kubectl get secrets?|pass show|op read|git credential fill)|[<{]{1,2}(?:prompt|conversation|message|user_?input|transcript|secrets?|env|token|answer|history)[>}]{1,2}|\$\{?[A-Z_]*(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|CREDENTIALS?)[A-Z_]*\}?|\b(?:auth|credentials|secrets|service-account)\.json\b/;
/** What carries it away, with where to. */
const SINK =
  /(?<![\w.-])(?:(?:curl|wget|nc|ncat|netcat|socat|scp|rsync|sftp|ftp|tftp|aws s3 (?:cp|sync)|gsutil (?:-m )?(?:cp|rsync)|rclone (?:copy|sync)|https?(?= -)|xh|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|axios|requests\.\w+|httpx\.\w+|urlopen|telnet|mail|sendmail|mutt|openssl s_client|dig|nslookup|ping|(?<=\|\s{0,3})ssh)(?![\w/-])|fetch\(|GET (?:to )?|POST (?:to )?)[^\n]{0,160}?(?:(?:https?|ftp|wss?):\/\/(?!localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[::1\])[^\s"'`<>)]+|\b[\w.-]+@[\w.-]+(?::|\b)|\b(?:s3|gs|gcs|azure|b2):\/\/[^\s"'`]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,6}\b(?:\s+\d{2,5}\b|:\/?)?)/;
/** A key in the header of a call to a service, or in a login, is how services are called. */
const CREDENTIAL_OF_A_CALL =
  /(?:-H|--header|-u|--user)[= ]\s*(?:"[^"\n]*"|'[^'\n]*'|\S+)|headers?\s?=\s?\{[^}\n]*\}|Authorization:[^"'\n]{0,120}|--netrc(?:-file \S+)?/g;
const TO_ITS_ISSUER =
  /https?:\/\/(?:[\w-]+\.)*(?:github\.com|gitlab\.com|npmjs\.org|amazonaws\.com|googleapis\.com|openai\.com|anthropic\.com|slack\.com|stripe\.com|atlassian\.net|codecov\.io|sentry\.io|cloudflare\.com|vercel\.com)\b|https?:\/\/\$|https?:\/\/api\./;
const TELLS =
  /\b(?:never|do not|don't|must not|avoid|forbid\w*|prohibit\w*|block(?:s|ed)?|detect(?:s|ed)?|reject(?:s|ed)?|refus\w+|attack\w*|malicious|incident|exfiltrat\w+|leaked|was|were|caught|example of)\b|不要|禁止|切勿/i;

const bare = (line: string): string => line.replaceAll(CREDENTIAL_OF_A_CALL, ' ');

function outflowOf(line: string, told: string): string | undefined {
  const stripped = bare(line);
  const source = SOURCE.exec(stripped);
  if (source === null) return undefined;
  const sink = SINK.exec(stripped);
  if (sink === null || TO_ITS_ISSUER.test(sink[0])) return undefined;
  const first = Math.min(source.index, sink.index);
  if (Math.abs(source.index - sink.index) > 240) return undefined;
  if (TELLS.test(told) || isRefused(stripped.slice(0, first))) return undefined;
  return `${source[0]} … ${sink[0]}`.replaceAll(/\s+/g, ' ').slice(0, 80);
}

const GIST =
  /\bgh gist create\b[^\n]{0,60}?(?:\.env\b(?!\.example)|\.ssh|auth\.json|credentials|secrets?\b|\.npmrc|id_rsa)/i;
const MIRRORS =
  /\bgit (?:remote add|push)\b[^\n]{0,40}?\b(?:https?|ssh|git):?(?:\/\/|@)(?!(?:[\w-]+@)?(?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|gitee)\.)[^\n]{0,120}?(?:--all|--mirror|push)\b|\bgit push (?:--mirror|--all)\b[^\n]{0,20}?\b(?:https?|ssh|git):?(?:\/\/|@)(?!(?:[\w-]+@)?(?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|gitee)\.)\S+/i;
const ITS_OCCASION = /\b(?:always|every|each|after|before|session|keeps?|silently|automatically|end of)\b/i;

/** A command line, or two that follow each other, that reads something private and sends it to a stranger. */
export function flowsOut(text: string): string | undefined {
  if (!/[$~|@<{]|env|history|git|\.json|printenv|\/etc\//.test(text)) return undefined;
  const lines = text.split('\n').slice(0, 1_000);
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1] ?? '';
    const told = clauseBefore(line.slice(0, 200)) + line.replaceAll(/`[^`\n]*`/g, ' ');
    const hit =
      outflowOf(line, told) ??
      (next === ''
        ? undefined
        : outflowOf(`${line} ${next}`.slice(0, 2_000), `${told} ${next.replaceAll(/`[^`\n]*`/g, ' ')}`));
    if (hit !== undefined) return hit;
    const gist = GIST.exec(line);
    if (gist !== null && !TELLS.test(told)) return gist[0].slice(0, 80);
    const mirror = MIRRORS.exec(line);
    if (mirror !== null && ITS_OCCASION.test(line) && !TELLS.test(told)) return mirror[0].slice(0, 80);
  }
  return undefined;
}
