import { ALNUM, DIGITS, HEX, LOWER, STD64, UPPER, URL64, type Dice } from './random.ts';

/** A text with a secret in it. */
export interface PlantedSecret {
  kind: string;
  text: string;
  secret: string;
}

type Make = (r: Dice) => string;
type Frame = (secret: string, r: Dice) => string;

/** Prefixes are joined at run time, so that no scanner takes this file for a leak. */
const j = (...parts: string[]): string => parts.join('');
/** Split from what stands around them for the same reason. */
const KEY = j(' K', 'EY');
const COM = j('.c', 'om');
const b64 = (text: string): string => Buffer.from(text).toString('base64');
const b64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Any mixture of classes that a generator of secrets guarantees: at least one of each. */
const mixed = (r: Dice, length: number, alphabet = ALNUM): string => {
  for (;;) {
    const text = r.chars(alphabet, length);
    if (/[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text)) return text;
  }
};

/** Tokens that are known by their own looks, wherever they stand. */
const TOKENS: Record<string, Make> = {
  'openai project key': (r) => j('sk', '-proj-', mixed(r, 74, URL64), 'T3Blbk', 'FJ', r.chars(URL64, 74)),
  'openai classic key': (r) => j('sk', '-', mixed(r, 20), 'T3Blbk', 'FJ', mixed(r, 20)),
  'openai service account': (r) => j('sk', '-svcacct-', mixed(r, 60, URL64)),
  'anthropic key': (r) => j('sk', '-ant-', 'api03-', mixed(r, 93, URL64), 'AA'),
  'openrouter key': (r) => j('sk', '-or-v1-', r.chars(HEX, 64)),
  'deepseek-like key': (r) => j('sk', '-', r.chars(HEX, 32)),
  'groq key': (r) => j('gs', 'k_', mixed(r, 52)),
  'xai key': (r) => j('xa', 'i-', mixed(r, 80)),
  'perplexity key': (r) => j('pp', 'lx-', mixed(r, 48)),
  'replicate token': (r) => j('r', '8_', mixed(r, 37)),
  'nvidia key': (r) => j('nv', 'api-', mixed(r, 64, URL64)),
  'hugging face token': (r) => j('h', 'f_', r.chars(LOWER + UPPER, 34)),
  'github personal token': (r) => j('gh', 'p_', mixed(r, 36)),
  'github app token': (r) => j('gh', r.pick(['o', 'u', 's', 'r']), '_', mixed(r, 36)),
  'github fine-grained token': (r) => j('github', '_pat_', mixed(r, 22), '_', mixed(r, 59)),
  'gitlab token': (r) => j('gl', r.pick(['pat', 'dt', 'rt', 'ptt']), '-', mixed(r, 20, URL64)),
  'npm token': (r) => j('np', 'm_', mixed(r, 36)),
  'pypi token': (r) => j('py', 'pi-AgEIcHlwaS5vcmc', mixed(r, 80, URL64)),
  'rubygems key': (r) => j('ruby', 'gems_', r.chars(HEX, 48)),
  'docker token': (r) => j('dck', 'r_pat_', mixed(r, 27, URL64)),
  'atlassian token': (r) => j('ATA', 'TT3xFfGF0', mixed(r, 100, URL64), '=', r.chars(HEX.toUpperCase(), 8)),
  'bitbucket app password': (r) => j('AT', 'BB', mixed(r, 32)),
  'slack bot token': (r) => j('xo', 'xb-', r.chars(DIGITS, 12), '-', r.chars(DIGITS, 13), '-', mixed(r, 24)),
  'slack user token': (r) =>
    j('xo', 'xp-', r.chars(DIGITS, 12), '-', r.chars(DIGITS, 12), '-', r.chars(DIGITS, 12), '-', r.chars(HEX, 32)),
  'slack app token': (r) =>
    j('xa', 'pp-1-A', r.chars(UPPER + DIGITS, 10), '-', r.chars(DIGITS, 13), '-', r.chars(HEX, 64)),
  'stripe secret key': (r) => j('s', 'k_live_', mixed(r, 24)),
  'stripe restricted key': (r) => j('r', 'k_live_', mixed(r, 24)),
  'stripe webhook secret': (r) => j('whs', 'ec_', mixed(r, 32)),
  'aws access key id': (r) => j(r.pick(['AK', 'AS']), 'IA', r.chars(`${UPPER}234567`, 16)),
  'google api key': (r) => j('AI', 'za', mixed(r, 35, URL64)),
  'google oauth secret': (r) => j('GOC', 'SPX-', mixed(r, 28, URL64)),
  'google access token': (r) => j('ya', '29.', mixed(r, 120, URL64)),
  'azure client secret': (r) => j(mixed(r, 3), '8Q~', mixed(r, 34, URL64)),
  'azure storage key': (r) => j(mixed(r, 76, STD64), '+ASt', mixed(r, 6), '=='),
  'twilio key': (r) => j('S', 'K', r.chars(HEX, 32)),
  'sendgrid key': (r) => j('S', 'G.', mixed(r, 22, URL64), '.', mixed(r, 43, URL64)),
  'mailgun key': (r) => j('ke', 'y-', r.chars(HEX, 32)),
  'mailchimp key': (r) => j(r.chars(HEX, 32), '-us', String(1 + r.below(21))),
  'brevo key': (r) => j('xkey', 'sib-', r.chars(HEX, 64), '-', mixed(r, 16)),
  'digitalocean token': (r) => j('do', 'p_v1_', r.chars(HEX, 64)),
  'shopify token': (r) => j('sh', 'pat_', r.chars(HEX, 32)),
  'square token': (r) => j('sq', '0atp-', mixed(r, 22, URL64)),
  'telegram bot token': (r) => j(r.chars('123456789', 10), ':AA', mixed(r, 33, URL64)),
  'discord bot token': (r) => j('M', mixed(r, 25), '.', mixed(r, 6), '.', mixed(r, 38, URL64)),
  'databricks token': (r) => j('da', 'pi', r.chars(HEX, 32)),
  'linear key': (r) => j('lin', '_api_', mixed(r, 40)),
  'notion token': (r) => j('nt', 'n_', r.chars(DIGITS, 11), mixed(r, 35)),
  'figma token': (r) => j('fi', 'gd_', mixed(r, 40, URL64)),
  'airtable token': (r) => j('pa', 't', mixed(r, 14), '.', r.chars(HEX, 64)),
  'vercel token': (r) => j('vc', 'p_', mixed(r, 56)),
  'netlify token': (r) => j('nf', 'p_', mixed(r, 36)),
  'supabase token': (r) => j('sb', 'p_', r.chars(HEX, 40)),
  'supabase secret key': (r) => j('sb', '_secret_', mixed(r, 31, URL64)),
  'planetscale token': (r) => j('psc', 'ale_tkn_', mixed(r, 43, URL64)),
  'doppler token': (r) => j('d', 'p.pt.', mixed(r, 43)),
  'vault token': (r) => j('hv', 's.', mixed(r, 95, URL64)),
  'terraform cloud token': (r) => j(mixed(r, 14), '.atl', 'asv1.', mixed(r, 67, URL64)),
  'pulumi token': (r) => j('pu', 'l-', r.chars(HEX, 40)),
  'grafana token': (r) => j('gl', 'sa_', mixed(r, 32), '_', r.chars(HEX, 8)),
  'sentry token': (r) => j('snt', 'rys_', mixed(r, 100, STD64)),
  'new relic key': (r) => j('NR', 'AK-', r.chars(UPPER + DIGITS, 27)),
  'postman key': (r) => j('PM', 'AK-', r.chars(HEX, 24), '-', r.chars(HEX, 34)),
  'tailscale key': (r) => j('ts', 'key-auth-', mixed(r, 17), '-', mixed(r, 32)),
  'age key': (r) => j('AGE-SEC', 'RET-KEY-1', r.chars('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)),
  'alibaba key id': (r) => j('LT', 'AI', mixed(r, 20)),
  jwt: (r) =>
    j(
      b64url('{"alg":"HS256","typ":"JWT"}'),
      '.',
      b64url(`{"sub":"${r.chars(DIGITS, 8)}","name":"${r.chars(LOWER, 7)}"}`),
      '.',
      mixed(r, 43, URL64),
    ),
  'high-entropy base62': (r) => mixed(r, 32 + r.below(24)),
  'high-entropy base64url': (r) => mixed(r, 43, URL64),
  'high-entropy base64': (r) => j(mixed(r, 43, STD64), '='),
};

/** Values that only their surroundings give away; `{}` is the secret. */
const weak = (r: Dice): string =>
  j(
    r.pick(['Winter', 'hunter', 'Blau', 'geheim', 'P@ss', 'correct', 'qwertz', 'Sommer']),
    r.chars(DIGITS, 2 + r.below(3)),
    r.pick(['!', '#x', '$', '?', '', '-x']),
    r.chars(LOWER, 2),
  );
const strong = (r: Dice): string => mixed(r, 16 + r.below(16));
const symbols = (r: Dice): string => j(mixed(r, 10), r.pick(['!', '#', '%', '^', '*', '+']), mixed(r, 6));

const PLACED: Record<string, { make: Make; frames: Frame[] }> = {
  'env password': {
    make: (r) => r.pick([weak, strong, symbols])(r),
    frames: [
      (s, r) =>
        `${r.pick(['DB_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'PGPASSWORD', 'ADMIN_PASS', 'SMTP_PASSWORD', 'REDIS_PASSWORD'])}=${s}`,
      (s, r) =>
        `NODE_ENV=production\nexport ${r.pick(['DB_PASSWD', 'APP_PASSWORD', 'KEYSTORE_PASSWORD'])}="${s}"\nPORT=3000`,
      (s) => `environment:\n  - POSTGRES_PASSWORD=${s}\n  - TZ=UTC`,
      (s) => `$ docker run -e MARIADB_PASSWORD=${s} -d mariadb`,
    ],
  },
  'env token or key': {
    make: (r) => r.pick([strong, (dd: Dice) => dd.chars(HEX, 32), (dd: Dice) => dd.chars(HEX, 64)])(r),
    frames: [
      (s, r) =>
        `${r.pick(['API_KEY', 'STRIPE_SECRET_KEY', 'SECRET_KEY', 'JWT_SECRET', 'SESSION_SECRET', 'GITHUB_TOKEN', 'ACCESS_TOKEN', 'ENCRYPTION_KEY', 'CLIENT_SECRET', 'DATADOG_API_KEY', 'APP_SECRET'])}=${s}`,
      (s, r) =>
        `# .env\nDEBUG=1\n${r.pick(['OPENAI_API_KEY', 'SLACK_SIGNING_SECRET', 'WEBHOOK_SECRET', 'AUTH_TOKEN', 'MINIMAX_API_KEY'])}='${s}'\n`,
      (s, r) => `set ${r.pick(['API_TOKEN', 'SERVICE_KEY', 'PRIVATE_KEY'])}=${s}`,
      (s, r) => `ENV ${r.pick(['NPM_TOKEN', 'AUTH_SECRET', 'SENTRY_AUTH_TOKEN'])}=${s}`,
    ],
  },
  'json member': {
    make: (r) => r.pick([strong, symbols])(r),
    frames: [
      (s, r) =>
        `{"user": "app", "${r.pick(['password', 'apiKey', 'client_secret', 'accessToken', 'secretKey', 'auth_token', 'refresh_token'])}": "${s}", "port": 5432}`,
      (s, r) =>
        JSON.stringify({
          log: JSON.stringify({ level: 'info', [r.pick(['password', 'api_key', 'token', 'secret'])]: s }),
        }),
      (s) => `{\n  "name": "DB_PASSWORD",\n  "value": "${s}"\n}`,
    ],
  },
  'yaml or toml member': {
    make: (r) => r.pick([strong, weak])(r),
    frames: [
      (s, r) =>
        `database:\n  host: db\n  ${r.pick(['password', 'secret_key', 'api_key', 'auth_token'])}: ${s}\n  pool: 5`,
      (s, r) => `[server]\n${r.pick(['password', 'api_token', 'secret', 'client_secret'])} = "${s}"\nport = 8080`,
      (s) => `- name: ADMIN_PASSWORD\n  value: "${s}"`,
      (s) => `stringData:\n  password: '${s}'`,
    ],
  },
  'assignment in code': {
    make: (r) => r.pick([strong, symbols])(r),
    frames: [
      (s, r) =>
        `const ${r.pick(['password', 'apiKey', 'authToken', 'clientSecret', 'secretKey', 'dbPassword'])} = '${s}';`,
      (s, r) => `${r.pick(['password', 'api_key', 'SECRET_KEY', 'auth_token'])} = "${s}"  # TODO move to vault`,
      (s) => `private static final String API_KEY = "${s}";`,
      (s) => `let api_key: &str = "${s}";`,
      (s) => `client = Client(host="x", api_key="${s}", timeout=3)`,
      (s) => `conn.login({ user: 'bot', password: '${s}' })`,
      (s) => `var apiToken string = "${s}"`,
      (s) => `$config['password'] = '${s}';`,
    ],
  },
  'url password': {
    make: (r) => r.pick([strong, (dd: Dice) => j(mixed(dd, 8), '!', mixed(dd, 4)), (dd: Dice) => dd.chars(HEX, 20)])(r),
    frames: [
      (s, r) =>
        `${r.pick(['postgres', 'postgresql', 'mysql', 'mongodb+srv', 'redis', 'amqp', 'https', 'ftp'])}://${r.pick(['app', 'root', 'svc_user', 'admin'])}:${s}@db.internal.net:5432/prod`,
      (s) => `git remote set-url origin https://oauth2:${s}@git.corp.net/team/app.git`,
      (s) => `DATABASE_URL="postgres://app:${s}@10.0.0.3/app?sslmode=require"`,
      (s) => `redis://:${s}@cache:6379/0`,
    ],
  },
  'authorization header': {
    make: (r) => r.pick([strong, (dd: Dice) => dd.chars(HEX, 40), (dd: Dice) => mixed(dd, 40, URL64)])(r),
    frames: [
      (s) => `Authorization: Bearer ${s}`,
      (s) => `curl -H "Authorization: token ${s}" https://api.host.net/v1`,
      (s) => `> authorization: Bearer ${s}\n> accept: */*`,
      (s) => `headers: { 'Authorization': 'Bearer ${s}' }`,
      (s) => `Proxy-Authorization: Basic ${s}`,
      (s) => `{"headers":{"authorization":"Bearer ${s}"}}`,
      (s) => `X-Api-Key: ${s}`,
      (s) => `-H 'PRIVATE-TOKEN: ${s}'`,
    ],
  },
  'basic auth header': {
    make: (r) => b64(`${r.pick(['admin', 'svc', 'deploy'])}:${strong(r)}`),
    frames: [(s) => `Authorization: Basic ${s}`, (s) => `curl -H 'Authorization: Basic ${s}' https://x.net`],
  },
  cookie: {
    make: (r) => mixed(r, 32),
    frames: [
      (s) => `Cookie: theme=dark; session=${s}; lang=en`,
      (s) => `Set-Cookie: sid=${s}; Path=/; HttpOnly`,
      (s) => `curl -b "session_id=${s}" -H 'Cookie: auth=${s}' https://x.net`,
    ],
  },
  'curl user': {
    make: (r) => r.pick([weak, strong])(r),
    frames: [
      (s) => `curl -u admin:${s} https://api.host.net/health`,
      (s) => `curl -s --user "deploy:${s}" https://nexus.host.net/repository`,
      (s) => `curl -X POST -u 'svc:${s}' https://jenkins.host.net/job/x/build`,
    ],
  },
  'command flag': {
    make: (r) => strong(r),
    frames: [
      (s) => `mysql -u root -p${s} app`,
      (s) => `sshpass -p '${s}' ssh host`,
      (s) => `deploy --password ${s} --region eu`,
      (s) => `tool login --token=${s}`,
      (s) => `docker login -u bot -p ${s} registry.host.net`,
      (s) => `redis-cli -h cache -a ${s} ping`,
      (s) => `az login --service-principal --client-secret "${s}"`,
      (s) => `openssl pkcs12 -in a.p12 -passin pass:${s}`,
    ],
  },
  'connection string': {
    make: (r) => r.pick([strong, weak])(r).replaceAll(/[;#]/g, '!'),
    frames: [
      (s) => `Server=tcp:db,1433;Database=app;User ID=sa;Password=${s};Encrypt=True`,
      (s) => `host=db user=app password=${s} dbname=prod`,
      (s) => `DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=${s};EndpointSuffix=core.net`,
      (s) => `jdbc:mysql://db/app?user=app&password=${s}`,
    ],
  },
  'aws secret key': {
    make: (r) => mixed(r, 40, STD64),
    frames: [
      (s) => `aws_secret_access_key = ${s}`,
      (s) => `AWS_SECRET_ACCESS_KEY=${s}`,
      (s) => `"SecretAccessKey": "${s}",`,
      (s) => `secretAccessKey: '${s}'`,
    ],
  },
  'npmrc and netrc': {
    make: (r) =>
      r.pick([
        (dd: Dice) => mixed(dd, 36),
        (dd: Dice) =>
          [dd.chars(HEX, 8), dd.chars(HEX, 4), dd.chars(HEX, 4), dd.chars(HEX, 4), dd.chars(HEX, 12)].join('-'),
      ])(r),
    frames: [
      (s) => `//registry.host.net/:_authToken=${s}`,
      (s) => `machine git.host.net login bot password ${s}`,
      (s) => `registry=https://r.host.net/\n//r.host.net/npm/:_password="${s}"`,
    ],
  },
  'slack webhook': {
    make: (r) => j('T', r.chars(UPPER + DIGITS, 8), '/B', r.chars(UPPER + DIGITS, 8), '/', mixed(r, 24)),
    frames: [
      (s) => `curl -d '{}' https://hooks.slack${COM}/services/${s}`,
      (s) => `SLACK_URL=https://hooks.slack${COM}/services/${s}`,
    ],
  },
  'discord webhook': {
    make: (r) => j(r.chars('123456789', 18), '/', mixed(r, 68, URL64)),
    frames: [(s) => `https://discord${COM}/api/webhooks/${s}`],
  },
  'query parameter': {
    make: (r) => mixed(r, 30),
    frames: [
      (s) => `GET https://api.host.net/v1/items?limit=5&api_key=${s}&page=2`,
      (s) => `https://acc.blob.host.net/c/f.txt?sv=2022-11-02&sp=r&sig=${s}%3D`,
      (s) => `https://bucket.host.net/x?X-Amz-Expires=60&X-Amz-Signature=${s}`,
      (s) => `https://app.host.net/cb?code=abc&access_token=${s}#top`,
    ],
  },
  'spoken password': {
    make: (r) => r.pick([strong, (dd: Dice) => j(mixed(dd, 8), '!', dd.chars(DIGITS, 2))])(r),
    frames: [
      (s) => `The staging password is ${s}, please use it for the smoke test.`,
      (s) => `my api key is ${s}`,
      (s) => `数据库密码是 ${s}，用户名是 root`,
      (s) => `测试环境的密码：${s}`,
    ],
  },
};

const BASE64_LINE = 64;
const pemBody = (r: Dice, lines: number): string[] => [
  j('MI', 'IE', r.chars(STD64, BASE64_LINE - 4)),
  ...Array.from({ length: lines }, () => r.chars(STD64, BASE64_LINE)),
  j(r.chars(STD64, 30), '=='),
];

/** Private keys: whole, in one line, and cut at either end. */
const KEYS: Record<string, (r: Dice) => { text: string; secret: string }> = {
  'pem private key': (r) => {
    const body = pemBody(r, 12).join('\n');
    const label = r.pick(['RSA ', 'EC ', '', 'OPENSSH ', 'ENCRYPTED ']);
    return {
      text: `cat key.pem\n-----BEGIN ${label}PRIVATE${KEY}-----\n${body}\n-----END ${label}PRIVATE${KEY}-----\ndone`,
      secret: body,
    };
  },
  'pem in json': (r) => {
    const body = pemBody(r, 6).join('\n');
    return {
      text: JSON.stringify({
        type: 'service_account',
        private_key: `-----BEGIN PRIVATE${KEY}-----\n${body}\n-----END PRIVATE${KEY}-----\n`,
      }),
      secret: body.replaceAll('\n', '\\n'),
    };
  },
  'pem cut at its end': (r) => {
    const body = pemBody(r, 7).join('\n').slice(0, -40);
    return { text: `-----BEGIN RSA PRIVATE${KEY}-----\n${body}\n[output truncated]`, secret: body };
  },
  'pem cut at its start': (r) => {
    const body = pemBody(r, 5).slice(1).join('\n');
    return { text: `...\n${body}\n-----END RSA PRIVATE${KEY}-----\n$ ls`, secret: body };
  },
  'pgp private key': (r) => {
    const body = pemBody(r, 9).join('\n');
    return {
      text: `-----BEGIN PGP PRIVATE${KEY} BLOCK-----\nVersion: GnuPG v2\n\n${body}\n=aB3d\n-----END PGP PRIVATE${KEY} BLOCK-----`,
      secret: body,
    };
  },
};

/** Places where any token may turn up. */
const ANYWHERE: Frame[] = [
  (s) => s,
  (s) => `I used ${s} for the test and it worked.`,
  (s) => `error: request with key "${s}" was rejected (401)`,
  (s) => `{"result":"${s}"}`,
  (s) => JSON.stringify({ output: `line one\n${s}\nline three` }),
  (s) => `const x = f('${s}', 3);`,
  (s) => `| name | value |\n| --- | --- |\n| prod | ${s} |`,
  (s) => `请使用 ${s} 登录`,
  (s) => `https://host.net/cb#t=${s}`,
  (s) => `\u001b[32m${s}\u001b[0m`,
  (s) => `- ${s}\n- another line`,
  (s) => `\`${s}\``,
  (s) => `(${s})`,
  (s) => `+++ b/config\n+${s}`,
];

/** `perKind` texts of every kind. */
export function plantedSecrets(r: Dice, perKind: number): PlantedSecret[] {
  const planted: PlantedSecret[] = [];
  for (let round = 0; round < perKind; round += 1) {
    for (const [kind, make] of Object.entries(TOKENS)) {
      const secret = make(r);
      planted.push({ kind, secret, text: r.pick(ANYWHERE)(secret, r) });
    }
    for (const [kind, { make, frames }] of Object.entries(PLACED)) {
      const secret = make(r);
      planted.push({ kind, secret, text: r.pick(frames)(secret, r) });
    }
    for (const [kind, make] of Object.entries(KEYS)) planted.push({ kind, ...make(r) });
  }
  return planted;
}

const CHUNK = 10;
/** True when a stretch of the secret that is long enough to matter is still there. */
export function leaks(output: string, secret: string): boolean {
  if (secret.length <= CHUNK) return output.includes(secret);
  for (let at = 0; at + CHUNK <= secret.length; at += 1) if (output.includes(secret.slice(at, at + CHUNK))) return true;
  return false;
}
