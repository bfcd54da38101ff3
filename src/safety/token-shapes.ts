/** Characters that may follow the part of a token that makes it recognisable. */
type Tail = 'alnum' | 'url' | 'base64' | 'dotted';

/** A family of tokens that its issuer made recognisable by a prefix or by an infix. */
export interface TokenShape {
  kind: string;
  /** Source of a regular expression for the shortest text that settles the kind: bounded, so that no text is slow. */
  head: string;
  tail: Tail;
  /** A further condition on the token, where a prefix alone also begins ordinary words; it sees `MOST_LOOKED_AT`. */
  looksLike?: (token: string) => boolean;
}

const TAILS: Record<Tail, RegExp> = {
  alnum: /[A-Za-z0-9]*/y,
  url: /[A-Za-z0-9_-]*/y,
  base64: /[A-Za-z0-9+/=_-]*/y,
  dotted: /[A-Za-z0-9_.~+/=-]*[A-Za-z0-9_~+/=-]/y,
};

/** No token with a condition is longer, in characters; what follows says nothing about it. */
export const MOST_LOOKED_AT = 256;

/** Tells where the token ends whose head ends at a position: a run in which many heads begin is walked through once. */
export function tokenEnds(text: string): (headEnd: number, tail: Tail) => number {
  const known: Partial<Record<Tail, { from: number; end: number }>> = {};
  return (headEnd, tail) => {
    const last = known[tail];
    if (last !== undefined && last.from <= headEnd && headEnd < last.end) return last.end;
    const pattern = TAILS[tail];
    pattern.lastIndex = headEnd;
    const end = headEnd + (pattern.exec(text)?.[0].length ?? 0);
    known[tail] = { from: headEnd, end };
    return end;
  };
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** `sk-` also begins class names and slugs; keys are the ones with figures and without a row of words. */
const notAWord = (token: string): boolean => count(token, /[0-9]/g) >= 2 && !/[-_][a-z]{3,}[-_]/.test(token);
const hasCapitalAndDigit = (token: string): boolean => /[A-Z]/.test(token) && /[0-9]/.test(token);

const shape = (kind: string, head: string, tail: Tail = 'alnum', looksLike?: TokenShape['looksLike']): TokenShape =>
  looksLike === undefined ? { kind, head, tail } : { kind, head, tail, looksLike };

const MODELS: TokenShape[] = [
  shape('anthropic-key', 'sk-ant-[A-Za-z0-9_-]{12}', 'url'),
  shape('openai-key', 'sk-(?:proj|svcacct|admin|None|service)-[A-Za-z0-9_-]{16}', 'url'),
  shape('openrouter-key', 'sk-or-v[0-9]-[0-9a-f]{16}'),
  shape('langfuse-key', 'sk-lf-[0-9a-f]{8}-', 'url'),
  shape('openai-key', 'sk-[A-Za-z0-9_-]{20}', 'url', notAWord),
  shape('openai-session', 'sess-[A-Za-z0-9]{32}'),
  shape('langsmith-key', 'ls(?:v2_(?:pt|sk)|__)_?[0-9a-f]{24}', 'url'),
  shape('groq-key', 'gsk_[A-Za-z0-9]{24}'),
  shape('xai-key', 'xai-[A-Za-z0-9]{32}'),
  shape('perplexity-key', 'pplx-[A-Za-z0-9]{24}'),
  shape('replicate-token', 'r8_[A-Za-z0-9]{24}', 'alnum', hasCapitalAndDigit),
  shape('fireworks-key', 'fw_[A-Za-z0-9]{20}', 'alnum', hasCapitalAndDigit),
  shape('nvidia-key', 'nvapi-[A-Za-z0-9_-]{32}', 'url'),
  shape('huggingface-token', '(?:hf|api_org)_[A-Za-z0-9]{28}'),
  shape('zhipu-key', '(?<![0-9a-f])[0-9a-f]{32}\\.[A-Za-z0-9]{16}(?![A-Za-z0-9.])', 'alnum', (token) =>
    /[A-Z]/.test(token),
  ),
];

const FORGES: TokenShape[] = [
  shape('github-token', 'gh[pousr]_[A-Za-z0-9]{24}', 'url'),
  shape('github-token', 'github_pat_[A-Za-z0-9_]{24}', 'url'),
  shape('gitlab-token', 'gl(?:pat|dt|rt|rtr|ptt|cbt|soat|imt|agent|oas|ft|ffct)-[A-Za-z0-9_-]{16}', 'dotted'),
  shape('gitlab-token', 'GR1348941[A-Za-z0-9_-]{16}', 'url'),
  shape('bitbucket-token', 'ATBB[A-Za-z0-9]{24}', 'base64'),
  shape('atlassian-token', 'AT[AC]TT3[A-Za-z0-9_=-]{32}', 'base64'),
  shape('npm-token', 'npm_[A-Za-z0-9]{30}'),
  shape('pypi-token', 'pypi-A[A-Za-z0-9_-]{24}', 'url'),
  shape('rubygems-key', 'rubygems_[0-9a-f]{32}'),
  shape('nuget-key', 'oy2[a-z0-9]{43}'),
  shape('crates-token', 'cio[A-Za-z0-9]{32}', 'alnum', hasCapitalAndDigit),
  shape('clojars-token', 'CLOJARS_[0-9a-f]{40}'),
  shape('docker-token', 'dckr_[op]at_[A-Za-z0-9_-]{20}', 'url'),
  shape('artifactory-token', 'AKCp[A-Za-z0-9]{32}'),
  shape('artifactory-token', 'cmVmdGtu[A-Za-z0-9]{40}'),
  shape('circleci-token', 'CCI(?:PAT|PRJ)_[A-Za-z0-9_]{20}', 'url'),
  shape('buildkite-token', 'bk(?:ua|ct)_[0-9a-f]{32}'),
  shape('sonar-token', 'sq[puab]_[0-9a-f]{32}'),
  shape('jetbrains-token', 'perm[:-][A-Za-z0-9+/=]{12,64}\\.[A-Za-z0-9+/=]{4,64}\\.[A-Za-z0-9]{16}', 'base64'),
];

const CLOUDS: TokenShape[] = [
  shape('aws-access-key-id', '(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16}'),
  shape('aws-access-key-id', '(?:AKIA|ASIA)[A-Z0-9]{16}'),
  shape('aws-session-token', '(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9+/=]{40}', 'base64'),
  shape('aws-bedrock-key', 'ABSK[A-Za-z0-9+/]{60}', 'base64'),
  shape('google-api-key', 'AIza[A-Za-z0-9_-]{30}', 'url'),
  shape('google-oauth-secret', 'GOCSPX-[A-Za-z0-9_-]{20}', 'url'),
  shape('google-oauth-token', 'ya29\\.[A-Za-z0-9_-]{20}', 'dotted'),
  shape('google-refresh-token', '1//0[A-Za-z0-9_-]{30}', 'url'),
  shape('firebase-key', 'AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{40}', 'url'),
  shape('azure-client-secret', '[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{28}', 'dotted'),
  shape('azure-devops-token', '(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{4,16}AZDO[A-Za-z0-9]{4}'),
  shape('digitalocean-token', 'do[oprt]_v1_[0-9a-f]{32}'),
  shape('alibaba-key-id', 'LTAI[A-Za-z0-9]{12}', 'alnum', hasCapitalAndDigit),
  shape('tencent-key-id', 'AKID[A-Za-z0-9]{28}'),
  shape('volcengine-key-id', 'AKLT[A-Za-z0-9_-]{28}', 'base64'),
  shape('yandex-key', '(?:AQVN|y[0-3]_)[A-Za-z0-9_-]{33}', 'url', hasCapitalAndDigit),
  shape('heroku-key', 'HRKU-[A-Za-z0-9_-]{32}', 'url'),
  shape('flyio-token', '(?:FlyV1 )?f(?:m[12]|o1)_[A-Za-z0-9+/_=-]{32}', 'base64'),
  shape('render-key', 'rnd_[A-Za-z0-9]{24}'),
  shape('vercel-token', 'vc[piark]_[A-Za-z0-9]{20}'),
  shape('netlify-token', 'nf[poucb]_[A-Za-z0-9]{28}'),
  shape('cloudflare-token', 'cf(?:ut|at|k)_[A-Za-z0-9_-]{32}', 'url'),
  shape('cloudflare-origin-ca', 'v1\\.0-[0-9a-f]{24}-[0-9a-f]{40}'),
  shape('supabase-key', 'sb(?:[pbt]_|_secret_)[A-Za-z0-9_-]{24}', 'url'),
  shape('planetscale-token', 'pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{24}', 'dotted'),
  shape('neon-key', 'napi_[a-z0-9]{32}'),
  shape('databricks-token', 'dapi[0-9a-f]{32}', 'url'),
  shape('tailscale-key', 'tskey-[a-z]{3,12}-[A-Za-z0-9]{8}', 'url'),
];

const SECRET_STORES: TokenShape[] = [
  shape('doppler-token', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{20}', 'dotted'),
  shape('vault-token', 'hv[sbr]\\.[A-Za-z0-9_-]{20}', 'url'),
  shape('vault-token', 's\\.[A-Za-z0-9]{24}(?![A-Za-z0-9_.])', 'alnum', hasCapitalAndDigit),
  shape('terraform-token', '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{40}', 'url'),
  shape('pulumi-token', 'pul-[0-9a-f]{32}'),
  shape('onepassword-token', 'ops_eyJ[A-Za-z0-9+/=_-]{40}', 'base64'),
  shape('onepassword-secret-key', 'A3-[A-Z0-9]{6}-[A-Z0-9]{5,11}(?:-[A-Z0-9]{5}){3,4}', 'alnum'),
  shape('infisical-token', 'st\\.[0-9a-f-]{24,36}\\.[0-9a-f]{32}', 'dotted'),
  shape('age-key', 'AGE-SECRET-KEY-1[A-Z0-9]{30}'),
];

const MESSENGERS: TokenShape[] = [
  shape('slack-token', 'xox[abcdeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10}', 'url'),
  shape('slack-token', 'xapp-[0-9]-[A-Za-z0-9-]{16}', 'url'),
  shape('discord-token', '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6,7}\\.[A-Za-z0-9_-]{27}', 'url'),
  shape('telegram-token', '[0-9]{8,10}:A[A-Za-z0-9_-]{33}', 'url'),
  shape('twilio-key', 'SK[0-9a-f]{32}'),
  shape('sendgrid-key', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16}', 'url'),
  shape('mailgun-key', 'key-[0-9a-f]{32}'),
  shape('mailgun-key', '(?<![0-9a-f])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}'),
  shape('mailchimp-key', '(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}'),
  shape('mandrill-key', 'md-[A-Za-z0-9_-]{20}(?![A-Za-z0-9_-])', 'url', hasCapitalAndDigit),
  shape('brevo-key', 'x(?:keysib|smtpsib)-[0-9a-f]{40}', 'url'),
  shape('resend-key', 're_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{16}'),
];

const MONEY: TokenShape[] = [
  shape('stripe-key', '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10}'),
  shape('stripe-webhook-secret', 'whsec_[A-Za-z0-9+/]{20}', 'base64'),
  shape('stripe-client-secret', '(?:pi|seti|cs)_[A-Za-z0-9]{14,40}_secret_[A-Za-z0-9]{10}', 'url'),
  shape('shopify-token', 'shp(?:at|ca|pa|ss|it|ua)_[A-Za-z0-9]{28}'),
  shape('square-token', 'sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20}', 'url'),
  shape('square-token', 'EAAA[A-Za-z0-9_-]{56}', 'url'),
  shape('paypal-token', 'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}'),
  shape('plaid-token', 'access-(?:sandbox|development|production)-[0-9a-f]{8}-', 'url'),
  shape('flutterwave-key', 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{12}', 'url'),
  shape('easypost-key', 'EZ[AT]K[A-Za-z0-9]{50}'),
  shape('duffel-token', 'duffel_(?:live|test)_[A-Za-z0-9_-]{32}', 'url'),
  shape('shippo-token', 'shippo_(?:live|test)_[0-9a-f]{32}'),
];

const WATCHERS: TokenShape[] = [
  shape('grafana-token', 'gl(?:c_[A-Za-z0-9+/]{28}|sa_[A-Za-z0-9]{28})', 'base64'),
  shape('grafana-key', 'eyJrIjoi[A-Za-z0-9+/]{40}', 'base64'),
  shape('sentry-token', 'sntry[su]_[A-Za-z0-9+/=_-]{32}', 'base64'),
  shape('newrelic-key', 'NR(?:AK|JS|II|IQ|BR|SP|AA)-[A-Za-z0-9]{18}', 'url'),
  shape('newrelic-key', '(?<![0-9a-f])[0-9a-f]{32,36}FFFFNRAL'),
  shape('honeycomb-key', 'hc[abx]ik_[a-z0-9]{32}'),
  shape('dynatrace-token', 'dt0[a-z][0-9]{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{40}'),
  shape('posthog-key', 'phx_[A-Za-z0-9]{32}'),
  shape('segment-key', 'sgp_[A-Za-z0-9]{32}'),
  shape('launchdarkly-key', '(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'),
];

const OFFICE: TokenShape[] = [
  shape('linear-key', 'lin_(?:api|oauth)_[A-Za-z0-9]{28}'),
  shape('notion-token', 'ntn_[A-Za-z0-9]{36}'),
  shape('notion-token', 'secret_[A-Za-z0-9]{43}'),
  shape('figma-token', 'fig[dour]_[A-Za-z0-9_-]{32}', 'url'),
  shape('airtable-token', 'pat[A-Za-z0-9]{14}\\.[0-9a-f]{40}'),
  shape('asana-token', '[0-9]/[0-9]{10,20}(?:/[0-9]{10,20})?:[0-9a-f]{32}'),
  shape('clickup-token', 'pk_[0-9]{6,10}_[A-Z0-9]{32}'),
  shape('typeform-token', 'tfp_[A-Za-z0-9_-]{40}', 'url'),
  shape('contentful-token', 'CFPAT-[A-Za-z0-9_-]{40}', 'url'),
  shape('postman-key', 'PMAK-[0-9a-f]{24}-[0-9a-f]{30}'),
  shape('readme-key', 'rdme_[a-z0-9]{60}'),
  shape('mapbox-token', 'sk\\.eyJ[A-Za-z0-9_-]{40}', 'dotted'),
  shape('facebook-token', 'EAA[A-Za-z0-9]{80}'),
  shape('twitter-token', 'A{18,24}[A-Za-z0-9%]{60}', 'alnum', hasCapitalAndDigit),
  shape('dropbox-token', 'sl\\.(?:u\\.)?[A-Za-z0-9_-]{60}', 'url'),
  shape('adafruit-key', 'aio_[A-Za-z0-9]{26}'),
];

/** Tried in this order; the first that fits names the kind. */
export const TOKEN_SHAPES: readonly TokenShape[] = [
  ...MODELS,
  ...FORGES,
  ...CLOUDS,
  ...SECRET_STORES,
  ...MESSENGERS,
  ...MONEY,
  ...WATCHERS,
  ...OFFICE,
];
