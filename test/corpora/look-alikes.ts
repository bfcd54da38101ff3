import { ALNUM, DIGITS, HEX, LOWER, STD64, UPPER, type Dice } from './random.ts';

/** A text that resembles one with a secret, and has none. */
export interface LookAlike {
  kind: string;
  text: string;
}

const hex = (r: Dice, length: number): string => r.chars(HEX, length);
const uuid = (r: Dice): string => [hex(r, 8), hex(r, 4), hex(r, 4), hex(r, 4), hex(r, 12)].join('-');
const word = (r: Dice): string =>
  r.pick([
    'parse',
    'token',
    'index',
    'cache',
    'render',
    'user',
    'build',
    'session',
    'router',
    'config',
    'worker',
    'stream',
    'memory',
    'bucket',
    'secret',
    'password',
    'policy',
    'button',
  ]);
const camel = (r: Dice, words: number): string =>
  Array.from({ length: words }, (_, index) =>
    index === 0 ? word(r) : word(r).replace(/^./, (c) => c.toUpperCase()),
  ).join('');
const snake = (r: Dice, words: number): string => Array.from({ length: words }, () => word(r)).join('_');
const wrap = (text: string, width: number): string => text.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');

const KINDS: Record<string, ((r: Dice) => string)[]> = {
  'git hash': [
    (r) => `commit ${hex(r, 40)}\nAuthor: A <a@b.net>`,
    (r) => `Fixed in ${hex(r, 8)}..${hex(r, 8)} (see ${hex(r, 40)}).`,
    (r) => `index ${hex(r, 7)}..${hex(r, 7)} 100644`,
    (r) => `uses: actions/checkout@${hex(r, 40)} # v4`,
  ],
  digest: [
    (r) => `md5: ${hex(r, 32)}`,
    (r) => `${hex(r, 64)}  dist/app.tar.gz`,
    (r) => `sha256:${hex(r, 64)}`,
    (r) => `FROM node:20@sha256:${hex(r, 64)}`,
    (r) => `checksum = "${hex(r, 64)}"`,
    (r) => `"cacheKey": "${hex(r, 64)}"`,
    (r) => `sha512 ${hex(r, 128)}`,
    (r) => `etag: "${hex(r, 32)}"`,
    (r) => `idempotency_key: ${hex(r, 64)}`,
  ],
  integrity: [
    (r) => `"integrity": "sha512-${r.chars(STD64, 86)}==",`,
    (r) => `    resolution: {integrity: sha512-${r.chars(STD64, 86)}==}`,
    (r) => `integrity="sha384-${r.chars(STD64, 64)}"`,
    (r) => `"integrity": "sha1-${r.chars(STD64, 27)}=",`,
    (r) => `golang.org/x/text v0.3.7 h1:${r.chars(STD64, 43)}=`,
    (r) => `hash = "sha256-${r.chars(STD64, 43)}=";`,
    (r) => `--hash=sha256:${hex(r, 64)} \\`,
  ],
  uuid: [
    (r) => `session ${uuid(r)} started`,
    (r) => `{"id":"${uuid(r)}","turn_id":"${uuid(r)}"}`,
    (r) => `rollout-2026-01-02T03-04-05-${uuid(r)}.jsonl`,
    (r) => `token_id: ${uuid(r)}`,
    (r) => `X-Request-Id: ${uuid(r)}`,
  ],
  'base64 image': [
    (r) => `<img src="data:image/png;base64,iVBORw0KGgo${r.chars(STD64, 400)}=">`,
    (r) => `![logo](data:image/svg+xml;base64,PHN2Zy${r.chars(STD64, 120)})`,
    (r) => `{"image":"/9j/4AAQSkZJRgABAQ${r.chars(STD64, 600)}=="}`,
    (r) => `url(data:font/woff2;base64,d09GMgAB${r.chars(STD64, 300)})`,
    (r) => wrap(`iVBORw0KGgo${r.chars(STD64, 600)}`, 76),
    (r) => wrap(`R0lGODlh${r.chars(STD64, 500)}`, 64),
    (r) => `//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJ${r.chars(ALNUM, 300)}`,
  ],
  'public key': [
    (r) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${r.chars(STD64, 43)} me@host`,
    (r) => `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${r.chars(STD64, 340)} me@host`,
    (r) => `-----BEGIN CERTIFICATE-----\n${wrap(`MIID${r.chars(STD64, 764)}`, 64)}-----END CERTIFICATE-----`,
    (r) => `-----BEGIN PUBLIC KEY-----\n${wrap(`MIIB${r.chars(STD64, 316)}`, 64)}-----END PUBLIC KEY-----`,
    (r) => `SHA256:${r.chars(STD64, 43)} (ED25519)`,
  ],
  path: [
    (r) =>
      `/home/me/${snake(r, 2)}/node_modules/.pnpm/@babel+core@7.23.0_supports-color@8.1.1/node_modules/@babel/core/lib/${camel(r, 2)}.js`,
    (r) => `/var/folders/8w/${r.chars(LOWER + DIGITS, 30)}/T/tmp.${r.chars(ALNUM, 8)}`,
    (r) => `C:\\Users\\me\\AppData\\Local\\${camel(r, 2)}\\Cache\\${hex(r, 16)}`,
    (r) => `src/${camel(r, 3)}/${snake(r, 3)}/${camel(r, 4)}Test.kt:42`,
    (r) => `dist/assets/${word(r)}-${r.chars(ALNUM, 8)}.js  142.31 kB`,
    (r) => `/nix/store/${r.chars('0123456789abcdfghijklmnpqrsvwxyz', 32)}-nodejs-20.11.0/bin/node`,
    (r) => `private_key: ~/.ssh/id_${r.pick(['rsa', 'ed25519'])}`,
    () => 'GOOGLE_APPLICATION_CREDENTIALS=/etc/gcp/service-account.json',
    (r) => `https://github.com/org/${snake(r, 2)}/blob/${hex(r, 40)}/src/${camel(r, 2)}.ts#L10-L20`,
    (r) => `gs://my-bucket/exports/2026/01/${snake(r, 3)}/part-00000-of-00010.parquet`,
  ],
  id: [
    (r) => `toolu_01${r.chars(ALNUM, 22)}`,
    (r) => `{"id":"chatcmpl-${r.chars(ALNUM, 29)}","object":"chat.completion"}`,
    (r) => `call_${r.chars(ALNUM, 24)}`,
    (r) => `resp_${hex(r, 50)}`,
    (r) => `cus_${r.chars(ALNUM, 14)} paid ch_${r.chars(ALNUM, 24)}`,
    (r) => `arn:aws:iam::${r.chars(DIGITS, 12)}:role/deploy-${word(r)}`,
    (r) => `01${r.chars('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24)}`,
    (r) => `trace_id=${hex(r, 32)} span_id=${hex(r, 16)}`,
    (r) => `pod/${word(r)}-${hex(r, 10)}-${r.chars(LOWER + DIGITS, 5)}`,
    (r) => `0x${hex(r, 40)}`,
    (r) => `pk_test_${r.chars(ALNUM, 24)} is the publishable one`.replace('pk_test_', 'prod_'),
    (r) => `asset-${r.chars(DIGITS, 10)}-v${r.below(9)}.${r.below(20)}.${r.below(9)}`,
  ],
  'code about secrets': [
    (r) => `const token = await get${camel(r, 2)}();`,
    () => 'function login(user: string, password: string): Promise<Token> {',
    () => 'password: string;\n  token?: string | undefined;',
    () => 'const apiKey = process.env.OPENAI_API_KEY;',
    () => "api_key = os.environ['ANTHROPIC_API_KEY']",
    () => 'api_key_env = "OPENAI_API_KEY"',
    () => 'password = getpass.getpass("Enter your password: ")',
    () => 'Authorization: `Bearer ${token}`',
    () => 'curl -H "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com/user',
    () => 'DB_PASSWORD=${DB_PASSWORD:?must be set}',
    () => 'password: ${{ secrets.DOCKER_PASSWORD }}',
    () => 'API_KEY=<your-api-key>',
    () => 'OPENAI_API_KEY=your-key-here',
    () => 'token = os.getenv("TOKEN")',
    () => 'postgres://user:${PGPASSWORD}@localhost/db',
    () => 'https://<user>:<password>@host.net/path',
    () => 'max_tokens: 4096, temperature: 0.2',
    () => '"total_tokens": 18234, "prompt_tokens": 1200',
    () => 'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
    () => 'if (password !== confirmPassword) throw new ValidationError("passwords differ");',
    () => '<input type="password" name="password" placeholder="Password" />',
    () => 'const { accessToken, refreshToken } = useAuth();',
    () => 'secretName: my-tls-secret',
    () => 'secretKeyRef:\n  name: db\n  key: password',
    () => "t('errors.password.tooShort')",
    () => 'key: "primary", sortKey: "created_at", foreign_key: "user_id"',
    () => 'hotkey: "ctrl+shift+k", publicKey: config.publicKey',
    (r) => `export const ${snake(r, 3).toUpperCase()}_TOKEN = Symbol('${camel(r, 2)}Token');`,
    (r) => `token: ${camel(r, 2)}Token,`,
    (r) => `self.password = ${snake(r, 2)}`,
    (r) => `nextPageToken: "${r.chars(ALNUM, 20)}"`,
    () => 'hf_hub_download(repo_id="org/model", filename="config.json")',
    () => '<div class="sk-toggleable__content sk-estimator-doc-link">',
    () => 'npm_config_registry=https://registry.npmjs.org npm_lifecycle_event=build',
    () => 'passwordField.value = ""; tokenCount += 1;',
    () => 'grant_type=authorization_code&code_challenge_method=S256',
  ],
  identifier: [
    (r) => `${camel(r, 6)}(${camel(r, 3)})`,
    (r) => `${snake(r, 6)} = 1`,
    (r) => `${camel(r, 5)}Sha256Base64UrlEncoderV2Factory`,
    (r) => `class ${camel(r, 4).replace(/^./, (c) => c.toUpperCase())}AbstractSingletonProxyFactoryBean {}`,
    (r) => `.css-${r.chars(LOWER + DIGITS, 7)}-${camel(r, 3)}Root{color:#${hex(r, 6)}}`,
    (r) => `${snake(r, 3).toUpperCase()}_MAXIMUM_RETRIES_2`,
    () =>
      '!function(e,t){"object"==typeof exports&&"undefined"!=typeof module?t(exports):"function"==typeof define&&define.amd?define(["exports"],t):t(e.React={})}(this,function(e){"use strict"});',
  ],
  prose: [
    () => 'The token expires after one hour, and the password must have 12 characters.',
    () => 'Password: required. Secret: optional. Token: see the docs.',
    () => 'Remember: the secret of good tests is small steps.',
    () => 'Authorization: Bearer tokens are checked in middleware/auth.ts before the handler runs.',
    () => 'Set the OPENAI_API_KEY environment variable; the key is read at startup.',
    () => 'Basic authentication is disabled; use Bearer tokens.',
    () => 'The key is to keep the cache warm. A session token is stored in the cookie.',
    (r) =>
      `On 2026-0${1 + r.below(9)}-1${r.below(9)} at 0${r.below(9)}:15:00 the build took ${r.chars(DIGITS, 3)} s and used ${r.chars(DIGITS, 5)} tokens.`,
    () => 'Cookie: the banner must be accepted before the test continues.',
    () => 'Use `gh auth token` to print the token, then export GITHUB_TOKEN.',
    () => 'The password is stored as a bcrypt hash; the secret is rotated every 90 days.',
  ],
  chinese: [
    () => '密码是必填项，令牌会在一小时后过期。',
    () => '请在环境变量里设置 OPENAI_API_KEY，不要把密钥写进代码。',
    () => '密码：至少 12 位，包含字母和数字。',
    (r) => `这次提交是 ${hex(r, 40)}，会话 ${uuid(r)}。`,
    () => 'パスワードは必須です。トークンは環境変数から読みます。',
    (r) => `缓存键 ${hex(r, 32)} 已失效，耗时 ${r.chars(DIGITS, 3)} 毫秒`,
  ],
  'lock file and log': [
    (r) =>
      `react@^18.2.0:\n  version "18.2.0"\n  resolved "https://registry.host.net/react/-/react-18.2.0.tgz#${hex(r, 40)}"\n  integrity sha512-${r.chars(STD64, 86)}==`,
    (r) => `[[package]]\nname = "serde"\nversion = "1.0.${r.below(200)}"\nchecksum = "${hex(r, 64)}"`,
    (r) =>
      `2026-01-02T03:04:05.678Z INFO  [${hex(r, 16)}] GET /api/${snake(r, 2)}/${r.chars(DIGITS, 8)} 200 ${r.below(900)}ms`,
    (r) => `Downloaded ${hex(r, 12)}: Pull complete\nDigest: sha256:${hex(r, 64)}`,
    (r) => `  at ${camel(r, 2)} (file:///app/dist/chunks/${word(r)}-${r.chars(ALNUM, 8)}.js:12:345)`,
    (r) => `"_resolved": "https://registry.host.net/x.tgz", "_shasum": "${hex(r, 40)}"`,
    (r) => `__metadata:\n  version: 8\n  cacheKey: 10c0\nchecksum: 10c0/${hex(r, 128)}`,
    (r) => `ERR_PNPM_${UPPER.slice(0, 4)} ${camel(r, 3)} exited with ${r.below(255)}`,
  ],
};

/** `rounds` texts from every template. */
export const lookAlikes = (r: Dice, rounds: number): LookAlike[] =>
  Object.entries(KINDS).flatMap(([kind, templates]) =>
    Array.from({ length: rounds }, () => templates.map((template) => ({ kind, text: template(r) }))).flat(),
  );
