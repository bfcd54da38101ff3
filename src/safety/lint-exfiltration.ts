import { firstHit, row, type Row } from './lint-patterns.ts';

const SENSITIVE_FILE = String.raw`(?:~?/?[\w./$\{}-]{0,40}\.ssh\b[\w./*-]{0,40}|id_(?:rsa|ed25519|ecdsa|dsa)\b|\.env\b(?!\.(?:example|sample|template|test))|\.env\.\w{1,16}|\.aws/\w*|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.pgpass|\.kube/config|\.docker/config(?:\.json)?|\.codex/(?:auth(?:\.json)?|\w*)|auth\.json|\.config/gh\b[\w./]{0,20}|\.gnupg\b[\w./]{0,20}|/etc/(?:passwd|shadow)|[Kk]eychain\b|Cookies\b|Login Data|wallet\.dat|\.bash_history|\.zsh_history|credentials\.json|service-account\.json|secrets?\.(?:ya?ml|json|env|toml)|\.vault-token|terraform\.tfstate)`;
const SENSITIVE_COMMAND = String.raw`(?:printenv|env(?=\s*[|)\x60>])|export -p|\bset(?=\s*\|)|history(?=\s*[|)])|gh auth token|security find-(?:generic|internet)-password|aws configure (?:get|export-credentials)|gcloud auth print-\w+|kubectl get secrets?|git credential fill|pass show|op read|whoami|hostname(?=\s*[|)])|pbpaste)`;
const SECRET_VARIABLE = String.raw`\$\{?(?:env:)?\w{0,30}(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?|SSH_\w+)\w{0,20}\}?`;
const SENDER = String.raw`(?:curl|wget|nc|ncat|netcat|socat|telnet|openssl s_client|http|https|xh|httpie|mail|sendmail|mutt|ssh|scp|sftp|rsync|ftp|aws s3 cp|gsutil cp|rclone|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|Send-MailMessage|/dev/tcp/\S+)`;

const HEADER_ONLY =
  /-H\s*["'][^"']*\$|--header[= ]["'][^"']*\$|-u\s*["']?[^\s"']*\$|Authorization|X-[A-Z][\w-]*:|--oauth2-bearer|PRIVATE-TOKEN/i;
const ISSUERS: readonly [RegExp, RegExp][] = [
  [/GITHUB|\bGH_/i, /github/i],
  [/OPENAI/i, /openai|azure/i],
  [/ANTHROPIC|CLAUDE/i, /anthropic/i],
  [/AWS/i, /amazonaws|aws/i],
  [/NPM/i, /npmjs|npm/i],
  [/GITLAB/i, /gitlab/i],
  [/SLACK/i, /slack/i],
  [/STRIPE/i, /stripe/i],
  [/SSH/i, /(?!)/],
];

/** A token that travels to whoever issued it, or in a header to an API, is how an API is called. */
function goesToItsIssuer(command: string): boolean {
  const host = /https?:\/\/["']?([^\s/"'`]+)/.exec(command)?.[1] ?? '';
  if (/^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|\$)/.test(host)) return true;
  const variable = new RegExp(SECRET_VARIABLE).exec(command)?.[0] ?? '';
  const issuer = ISSUERS.find(([name]) => name.test(variable));
  if (issuer !== undefined) return issuer[1].test(host);
  return HEADER_ONLY.test(command) || /[?&]\w*(?:key|token)=/i.test(command) || /api\./i.test(host);
}

const EXFILTRATION: Row[] = [
  row(
    '.ssh|id_|.env|.aws|.netrc|.npmrc|.pypirc|.git-credentials|.pgpass|.kube|.docker|.codex|auth.json|.config/gh|.gnupg|/etc/|keychain|cookies|login data|wallet.dat|_history|credentials.json|service-account|secret|.vault-token|terraform.tfstate & curl|wget|nc |ncat|netcat|socat|telnet|s_client|http|xh |mail|mutt|ssh|scp|sftp|rsync|ftp|s3 cp|gsutil|rclone|iwr|irm|invoke-|/dev/tcp',
    () =>
      new RegExp(
        `\\b(?:cat|tar|zip|base64|gzip|less|head|tail|type|Get-Content|gc|find|grep|xxd|od)\\b[^\\n|]{0,80}?${SENSITIVE_FILE}[^\\n]{0,120}?\\|[^\\n]{0,80}?(?<![\\w.])${SENDER}(?![\\w.])`,
        'g',
      ),
  ),
  row(
    'printenv|env|export -p|set|history|gh auth|security find|aws configure|gcloud auth|kubectl get|git credential|pass show|op read|whoami|hostname|pbpaste & curl|wget|nc |ncat|netcat|socat|telnet|s_client|http|xh |mail|mutt|ssh|scp|sftp|rsync|ftp|s3 cp|gsutil|rclone|iwr|irm|invoke-|/dev/tcp',
    () =>
      new RegExp(
        `${SENSITIVE_COMMAND}[^\\n]{0,80}?\\|[^\\n]{0,80}?(?<![\\w.])(?:curl|wget|nc|ncat|netcat|socat|telnet|openssl s_client|mail|sendmail|/dev/tcp/\\S+)(?![\\w.])`,
        'g',
      ),
  ),
  row(
    '.ssh|id_|.env|.aws|.netrc|.npmrc|.pypirc|.git-credentials|.pgpass|.kube|.docker|.codex|auth.json|.config/gh|.gnupg|/etc/|keychain|cookies|login data|wallet.dat|_history|credentials.json|service-account|secret|.vault-token|terraform.tfstate|printenv|env|export -p|set|history|gh auth|security find|aws configure|gcloud auth|kubectl get|git credential|pass show|op read|whoami|hostname|pbpaste & curl|wget|nc |ncat|netcat|socat|telnet|s_client|http|xh |mail|mutt|ssh|scp|sftp|rsync|ftp|s3 cp|gsutil|rclone|iwr|irm|invoke-|/dev/tcp',
    () =>
      new RegExp(
        `(?<![\\w.])${SENDER}\\s[^\\n]{0,240}?(?:\\$\\(\\s*|\`(?=\\S)|<\\(\\s*)(?:[a-z0-9]+\\s[^\\n)\`]{0,60}?)?(?:${SENSITIVE_FILE}|${SENSITIVE_COMMAND})`,
        'g',
      ),
  ),
  row(
    '.ssh|id_|.env|.aws|.netrc|.npmrc|.pypirc|.git-credentials|.pgpass|.kube|.docker|.codex|auth.json|.config/gh|.gnupg|/etc/|keychain|cookies|login data|wallet.dat|_history|credentials.json|service-account|secret|.vault-token|terraform.tfstate & curl|wget|nc |ncat|netcat|socat|telnet|s_client|http|xh |mail|mutt|ssh|scp|sftp|rsync|ftp|s3 cp|gsutil|rclone|iwr|irm|invoke-|/dev/tcp',
    () =>
      new RegExp(
        `(?<![\\w.])${SENDER}\\s[^\\n]{0,240}?(?:@|<\\s?|--post-file[= ]|-T\\s|--upload-file[= ]|--body-file[= ]|-InFile\\s)["']?(?:\\$HOME/|~/|%USERPROFILE%[\\\\/])?${SENSITIVE_FILE}`,
        'g',
      ),
  ),
  row(
    '.ssh|id_|.env|.aws|.netrc|.npmrc|.pypirc|.git-credentials|.pgpass|.kube|.docker|.codex|auth.json|.config/gh|.gnupg|/etc/|keychain|cookies|login data|wallet.dat|_history|credentials.json|service-account|secret|.vault-token|terraform.tfstate & scp|rsync|sftp|s3 cp|gsutil|rclone',
    () =>
      new RegExp(
        `\\b(?:scp|rsync|sftp|aws s3 cp|gsutil cp|rclone copy)\\s[^\\n]{0,80}?${SENSITIVE_FILE}[^\\n]{0,60}?\\s(?:[^\\s@]{1,200}@[^\\s:]{1,200}:|s3://|gs://|\\S{1,400}:/)`,
        'g',
      ),
  ),
  row(
    'dig|nslookup|host|ping|drill|getent|resolve-dns & $|`',
    () =>
      new RegExp(
        `\\b(?:dig|nslookup|host|ping|drill|getent hosts|Resolve-DnsName)\\b[^\\n]{0,80}?(?:\\$\\(|\`(?:whoami|cat|id|env|hostname|base64|echo|head|uname|git|xxd)\\b|${SECRET_VARIABLE})[^\\n]{0,120}?\\.[a-z]{2,}`,
        'g',
      ),
  ),
  row(
    'environ|process.env|open( & requests|httpx|axios|urllib|http.client|got|session',
    /\b(?:requests|httpx|axios|urllib\.request|http\.client|got|session)\.?(?:post|put|get|urlopen|request)?\s?\([^\n]{0,200}?(?:os\.environ\b(?!\s*(?:\[|\.get))|process\.env\b(?!\.)|open\(["'][^"')]{0,60}(?:\.ssh|\.env|id_rsa|\.aws|\.npmrc|auth\.json))/g,
  ),
  row(
    'fetch( & process.env|readfilesync',
    /\bfetch\(\s*["'`]https?:\/\/[^\n]{0,200}?(?:JSON\.stringify\(process\.env\)|readFileSync\([^\n]{0,60}(?:\.ssh|\.env|id_rsa|\.aws|\.npmrc|auth\.json)|process\.env\b(?!\.))/g,
  ),
  row(
    '![ & http',
    /!\[[^\]\n]{0,80}\]\(\s*https?:\/\/[^)\s]{1,200}[?&/=](?:\{|\$|<|%7B|\[)[^)\n]{0,60}(?:secret|token|key|data|conversation|history|env|summary|context|password|content|message|answer)[^)\n]{0,40}\)/gi,
  ),
  row(
    'webhook.site|requestbin|pipedream|burpcollaborator|interact.sh|oast.|canarytokens|transfer.sh|0x0.st|termbin|file.io|bashupload|dnslog|ceye.io|beeceptor|requestcatcher|hookbin|webhook.cool|ngrok',
    /\b(?:webhook\.site|requestbin\.\w+|pipedream\.net|\w+\.m\.pipedream\.net|burpcollaborator\.net|interact\.sh|oast\.\w+|canarytokens\.com|transfer\.sh|0x0\.st|termbin\.com|file\.io|bashupload\.com|dnslog\.cn|ceye\.io|beeceptor\.com|requestcatcher\.com|hookbin\.com|webhook\.cool|ngrok(?:-free)?\.(?:io|app|dev))\b[^\n]{0,120}?(?:env|token|secret|key|\.ssh|credential|password|history|transcript|conversation|source|config)/gi,
  ),
  row(
    'curl|wget|nc |iwr|irm|invoke-|http|xh & token|secret|password|passwd|api_key|apikey|access_key|private_key|credential|ssh_',
    () =>
      new RegExp(
        `(?<![\\w.])(?:curl|wget|nc|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|http|xh)\\s[^\\n]{0,240}?${SECRET_VARIABLE}[^\\n]{0,160}`,
        'g',
      ),
    goesToItsIssuer,
  ),
];

const POSSESSION = String.raw`(?:\$\{?[A-Z_]*(?:KEY|TOKEN|SECRET|PASSWORD)\w*\}?|environment(?: variables?)?|env (?:vars?|variables)|\.env(?: files?)?|ssh keys?|private keys?|api[ -]?keys?|(?:access |auth |secret |session |oauth |github |npm )*tokens?|credentials?|secrets?|passwords?|cookies|source code|(?:whole |entire |full )?(?:conversation|transcript|chat(?: history)?|session log|codebase|repository contents?|repo contents?)|shell history|clipboard|~/\.\w+|id_rsa|auth\.json|home (?:directory|folder)|user(?:'s)? (?:files|data|documents|prompts?|messages|input)|private (?:data|files|code))`;
const DESTINATION = String.raw`(?:https?://\S+|(?:an? |the |our |this |my |following )*(?:external |remote |attacker'?s? |collection |telemetry |analytics |logging |audit |backup |debug |diagnostics? |support |public |discord |slack |telegram )*(?:url|server|endpoint|webhook|host|address|e-?mail|pastebin|gist|channel|bot|bucket|domain|site|dns|service|collector|ip)\b|[^\s@]{1,200}@[^\s@]{1,253}\.\w+|[\w-]{1,63}\.(?:com|net|org|io|dev|app|site|xyz|ru|cn|example|test|me|co)\b)`;
/** Where secrets belong, and where code belongs. */
const goesToAStore = (hit: string): boolean =>
  /\b(?:vault|secret(?:s)? manager|1password|key ?chain|bitwarden|doppler|kms|parameter store|github (?:actions )?secrets?|github\.com|gitlab\.com|origin|upstream|sealed secrets|keyring|hsm|token endpoint|auth(?:entication|orization)? (?:server|endpoint|service)|oauth|login endpoint|identity provider|localhost|127\.0\.0\.1|staging|(?:health|metrics) endpoint|internal)\b/i.test(
    hit,
  ) && !/\b(?:attacker|external|webhook|pastebin|discord|telegram)\b/i.test(hit);

const SPOKEN_EXFILTRATION: Row[] = [
  row(
    'send|post|upload|include|pass|add|past|transmit|forward|exfiltrate|leak|mail|submit|report|push|copy|ship|deliver|publish|share|sync|beacon|stream|relay|back up|dump|write|append|encode|attach|put|transfer & env|ssh key|private key|api key|api-key|apikey|token|credential|secret|password|cookie|source code|conversation|transcript|chat|session log|codebase|repository content|repo content|history|clipboard|~/.|/.|id_rsa|auth.json|home dir|home folder|user|private & http|url|server|endpoint|webhook|host|address|mail|pastebin|gist|channel|bot|bucket|domain|site|dns|service|collector| ip|@|.com|.net|.org|.io|.dev|.app|.xyz|.ru|.cn|.example|.test|.me|.co',
    () =>
      new RegExp(
        `\\b(?:send(?:ing)?|post(?:ing)?|upload(?:ing)?|include|pass|add|past(?:e|ing)|transmit|forward|exfiltrate|leak|e-?mail|submit|report|push|copy|ship|deliver|publish|share|sync|beacon|stream|relay|mail|back up|dump|write|append|encode|attach|put|transfer)\\b[^.!?\\n]{0,60}?(?<!\\w)${POSSESSION}[^!?\\n]{0,80}?\\b(?:to|via|at|through|into|using|over|in the (?:request|call|body|query|header|url)s? to|as (?:a )?(?:query|dns)|in (?:a |the )?(?:query|url|dns|request|header|subdomain))\\s+${DESTINATION}`,
        'gi',
      ),
    goesToAStore,
  ),
  row(
    'post|call|request|contact|ping|hit|query|open|visit|load|render|embed|fetch|navigate|get|send & env|ssh key|private key|api key|api-key|apikey|token|credential|secret|password|cookie|source code|conversation|transcript|chat|session log|codebase|repository content|repo content|history|clipboard|~/.|/.|id_rsa|auth.json|home dir|home folder|user|private & http|url|server|endpoint|webhook|host|address|mail|pastebin|gist|channel|bot|bucket|domain|site|dns|service|collector| ip|@|.com|.net|.org|.io|.dev|.app|.xyz|.ru|.cn|.example|.test|.me|.co',
    () =>
      new RegExp(
        `\\b(?:post|call|request|contact|ping|hit|query|open|visit|load|render|embed|fetch|navigate to|get|send)\\b[^.!?\\n]{0,30}?\\b${DESTINATION}[^!?\\n]{0,80}?\\b(?:with|containing|including|carrying|appending|plus|and (?:include|append|attach|add|send)|whose (?:query|path|url)|that (?:contains|includes|carries))\\b[^.!?\\n]{0,60}?(?<!\\w)${POSSESSION}`,
        'gi',
      ),
    (hit) => goesToAStore(hit) || /\b(?:authenticat|bearer|header|login|log in|sign)/i.test(hit),
  ),
  row(
    '把|将|將',
    /(?:把|将|將)[^。\n]{0,16}?(?:环境变量|環境變數|密钥|秘钥|私钥|令牌|token|凭证|凭据|密码|\.env|\.ssh|源代码|源码|对话|聊天记录|会话|会话记录|API ?key|cookies?|配置文件|用户数据|憑證|密碼)[^。\n]{0,30}?(?:发送|上传|提交|POST|发到|传到|传给|发给|转发|推送|泄露|上報|上报|發送|上傳|同步|寄)[^。\n]{0,40}?(?:https?:\/\/|服务器|邮箱|地址|接口|webhook|网站|域名|外部|\w+@\w+|\w+\.\w{2,})/gi,
  ),
  row(
    '上传|发送|提交|上報|上报|上傳|發送',
    /(?:上传|发送|提交|上報|上报|上傳|發送)[^。\n]{0,16}?(?:环境变量|密钥|私钥|令牌|凭证|凭据|密码|\.env|\.ssh|源代码|源码|对话|聊天记录|会话记录)[^。\n]{0,16}?(?:到|至|给)[^。\n]{0,40}?(?:https?:\/\/|服务器|邮箱|外部|webhook|\w+@\w+|\w+\.\w{2,})/gi,
  ),
  row(
    '環境変数|秘密鍵|apiキー|トークン|認証情報|パスワード|.env|.ssh|ソースコード|会話',
    /(?:環境変数|秘密鍵|APIキー|トークン|認証情報|パスワード|\.env|\.ssh|ソースコード|会話(?:履歴)?)[^。\n]{0,16}?を[^。\n]{0,30}?(?:https?:\/\/\S+|サーバー?|外部|webhook|メール)[^。\n]{0,16}?(?:送信|送る|送って|アップロード|投稿|転送|POST)/gi,
  ),
  row(
    'http|@ & send|post|upload|forward|mail|copy|stream|relay & all|every|each|any|cop|full|whole|entire & message|prompt|conversation|file|code|answer|command|keystroke|diff|repo|session|log',
    /\b(?:send|post|upload|forward|e-?mail|copy|stream|relay|mirror|transmit)\b[^.!?\n]{0,12}?\b(?:all|every|each|any|a copy of|copies of|the (?:full|whole|entire))\b[^.!?\n]{0,30}?\b(?:messages?|prompts?|conversations?|files?|code|answers?|commands?|keystrokes?|diffs?|repos?(?:itor(?:y|ies))?|sessions?|logs?)\b[^!?\n]{0,30}?\b(?:to|via|at)\s+(?:https?:\/\/(?!localhost|127\.|github\.com|gitlab\.com)\S+|\S+@\S+\.\w+)/gi,
  ),
];

/** Carries secrets, code or conversations to a stranger: by command, code, DNS, image or in words. */
export const exfiltrates = (text: string): string | undefined =>
  firstHit(text, EXFILTRATION) ?? firstHit(text, SPOKEN_EXFILTRATION);
