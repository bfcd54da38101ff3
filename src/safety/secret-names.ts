/**
 * How sure a name makes us that its value is secret: `password` (any literal), `secret` (any literal that is no
 * word of the vocabulary), `random` (only a value that looks random).
 */
export type NameStrength = 'password' | 'secret' | 'random';

/** What the name of a variable, a field or a header says about its value. */
export interface SecretName {
  strength: NameStrength;
  kind: string;
}

/** Finds the neighbourhoods worth a closer look; the closer look is `secretNameOf`. */
export const NAME_HINT =
  /pass|pwd|secret|token|credential|key|auth|dsn|connection|mnemonic|seed|bearer|jwt|otp|signature|sig|salt|pepper|session|cookie|cert/gi;

/**
 * Words after the telling one that leave its meaning alone. A tail must be readable in one way only (`base64` is `base`
 * and figures): where each of thirty words could be read in two, the search would take minutes.
 */
const HARMLESS_TAIL =
  /(?:[_.-]?(?:[0-9]+(?![0-9])|v[0-9]|prod(?:uction)?|live|test|dev|staging|base|b64|value|val|raw|plain|old|new|main|master|backup|primary|secondary|default|current|previous|str(?:ing)?|text|hex))+$/i;

const NOT_SECRET =
  /(?:public|publishable|primary|foreign|sort|partition|cache|idempotency|dedupe|i18n|translation|object|row|hash|range|composite|natural|unique|group|index|config|map|dict|json|registry|shortcut|hot|arrow|modifier|event|query|lookup|storage|s3|route|state|label|message|locale|metric|tag|entity|record|column|field|react|list|item|node|tab|menu|parent|child|page|next(?:_?page)?|continuation|sync|pagination|prev|cancellation|cancel|pad|eos|bos|unk|mask|cls|sep|start|end|stop|special|prompt|completion|input|output|reasoning|cached|total|max|min|num|first|last|csrf_?header|design|color|syntax|abort|ssh_?public|host|license_?file)[_. -]?(?:key|token)$/i;

const PASSWORD = /(?:pass(?:word|wd|phrase|code)|(?:^|[_.-])(?:pass|pw)|pwd|mnemonic|(?:seed|recovery)_?phrase)$/i;
const PRIVATE_KEY =
  /(?:api|app|access|secret|private|signing|encryption|encrypt|decryption|crypt|master|account|auth|service|shared_?access|server|admin|root|session|storage_?account|deploy|license|subscription|ingest(?:ion)?|write|read|client|consumer|hmac|jwt|cookie|pre_?shared|preshared|functions?|integration|webhook|openai|anthropic|stripe|aws|dd|project|role|service_?role|anon|user|data|ssh|gpg|pgp|tls|ssl|wallet|bot|x_?api|rsa|aes|fernet|vault|security)[_. -]?key$/i;
const SECRET =
  /(?:secret|credentials?|pepper|connection_?str(?:ing)?|dsn|private|(?:totp|otp)(?:_?seed)?|auth_?code|_authtoken|_password)$/i;
const TOKEN = /(?:token|bearer|jwt|pat|shared_?access_?signature|sessid|api_?auth)$/i;
/** Among them `session_id`: Codex's is a UUID and names a session, a web server's opens one and is random. */
const RANDOM =
  /(?:key|auth|sig|signature|salt|session(?:_?id)?|cookie|seed|secret_?id|client_?secret_?id|credential_?id|certificate|keys|tokens|secrets|passwords)$/i;

/** camelCase and other spellings as one: `clientSecret`, `client-secret` and `CLIENT_SECRET` are the same name. */
const spelled = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[.\s-]+/g, '_');

const KIND_OF = [
  [PASSWORD, { strength: 'password', kind: 'password' }],
  [PRIVATE_KEY, { strength: 'secret', kind: 'key' }],
  [SECRET, { strength: 'secret', kind: 'secret' }],
  [TOKEN, { strength: 'secret', kind: 'token' }],
  [RANDOM, { strength: 'random', kind: 'key' }],
] as const satisfies [RegExp, SecretName][];

/** What this name says, or undefined when it says nothing. */
export function secretNameOf(name: string): SecretName | undefined {
  if (name.length > 128) return undefined;
  const whole = spelled(name);
  const bare = whole.replace(HARMLESS_TAIL, '');
  for (const candidate of bare === '' ? [whole] : [whole, bare]) {
    if (NOT_SECRET.test(candidate)) return undefined;
    for (const [pattern, verdict] of KIND_OF) if (pattern.test(candidate)) return verdict;
  }
  // `API_KEY_STRIPE`: the telling word is not the last one, so the value has to speak for itself.
  if (/(?:api_?key|secret_?key|access_?key|secret|token|password|passwd|private_?key)(?:_|$)/i.test(whole))
    return { strength: 'random', kind: 'secret' };
  return undefined;
}
