import { firstHit, isRefused, plainly, type Guarded } from './lint-patterns.ts';

const FETCH = String.raw`(?:curl|wget|fetch|aria2c|lynx|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|http|https|xh)`;
const SHELL = String.raw`(?:(?:sudo|env|exec|nohup|command)\s+(?:-\S+\s+)*)*(?:/(?:usr/)?bin/)?(?:bash|sh|zsh|dash|ksh|fish|python[23]?|node|deno|bun|perl|ruby|php|pwsh|powershell|iex|Invoke-Expression|source|eval|xargs (?:bash|sh))\b`;

/** A download that is executed unseen. */
const PIPED: RegExp[] = [
  new RegExp(
    `\\b${FETCH}\\b[^\\n]{0,300}?\\|\\s*(?:tee\\s+\\S+\\s*\\|\\s*|base64\\s+\\S+\\s*\\|\\s*|gunzip\\s*\\|\\s*)?${SHELL}`,
    'gi',
  ),
  new RegExp(`\\b(?:bash|sh|zsh|source|\\.)\\s+<\\(\\s*${FETCH}\\b[^\\n]{0,300}`, 'gi'),
  new RegExp(`\\b(?:(?:bash|sh|zsh)\\s+-\\w*c|eval)\\s+["']?(?:\\$\\(|\`)\\s*${FETCH}\\b[^\\n]{0,300}`, 'gi'),
  /\b(?:iex|Invoke-Expression)\b\s*[("'$&]{0,4}\s*(?:\(?\s*(?:iwr|irm|curl|wget|Invoke-WebRequest|Invoke-RestMethod|New-Object)\b)[^\n]{0,300}/gi,
  /\b(?:python[23]?|node|perl|ruby|php)\s+-(?:c|e|r)\s+[^\n]{0,200}?(?:urlopen|urllib|requests\.get|fetch\(|https?\.get|LWP|open-uri|file_get_contents)[^\n]{0,200}?(?:exec|eval|system|spawn)?/gi,
  new RegExp(
    `\\b${FETCH}\\b[^\\n]{0,300}?(?:&&|;|\\bthen\\b|\\band\\b)[^\\n]{0,80}?(?:chmod\\s+\\+?[0-7x]+|${SHELL}\\s+(?:\\./|/tmp/|~/)\\S+)`,
    'gi',
  ),
  /\b(?:npm|pnpm|yarn|bun)\s+(?:i|install|add|dlx|x|exec)\s+(?:-\S+\s+)*["'`]?(?:https?:\/\/|git\+https?:\/\/|git:\/\/)[^\s"'`]+/gi,
  /\b(?:npx|bunx|pnpx|uvx)\s+(?:-\S+\s+)*["'`]?(?:--from\s+)?(?:https?:\/\/|git\+https?:\/\/|github:)[^\s"'`]+/gi,
  /\b(?:pip[23]?|uv pip|pipx|uv tool)\s+install\s+(?:-\S+\s+)*["'`]?(?:(?:git\+)?https?:\/\/[^\s"'`]+|[^\n]{0,60}?--(?:extra-)?index-url[= ]https?:\/\/(?!pypi\.org|test\.pypi\.org|download\.pytorch\.org)[^\s"'`]+)/gi,
  /\b(?:cargo install --git|gem install --source|go run|brew install --build-from-source|code --install-extension|deno run -A|docker run[^\n]{0,80}(?:-v \/:|--privileged)[^\n]{0,80})\s+["'`]?https?:\/\/[^\s"'`]+/gi,
  /\b(?:download|fetch|grab|get|pull|retrieve)\b[^.\n]{0,40}?(?:script|installer|binary|executable|payload|file|it|setup|bootstrap|updater|tool)\b[^\n]{0,80}?https?:\/\/\S+[^\n]{0,80}?\b(?:and|then)\b[^.\n]{0,30}?\b(?:run|execute|install|launch|source|start|pipe|apply)\b/gi,
  /\b(?:run|execute|launch|install|start|use|apply|source|invoke)\b[^.\n]{0,60}?\b(?:script|installer|binary|executable|bootstrapper|setup|updater|extension|package|patch|hotfix)\b[^.\n]{0,60}?\b(?:from|at|hosted (?:at|on)|found at|on|located at|downloaded from|published at)\s+["'`<(]?https?:\/\/\S+/gi,
  /(?:运行|执行|安装|下载并(?:运行|执行|安装)|執行|実行|インストール)[^。\n]{0,30}?https?:\/\/\S+?\.(?:sh|ps1|py|exe|msi|pkg|deb|rpm|bat|cmd|js|tgz|jar|whl|run)\b/gi,
];

/** Sentences about what was, should not be, or merely is; a rule for later sessions contradicts them. */
const STANDING_INSTALL =
  /\b(?:always|every (?:time|session|run|start|task|turn|project|call|build|clone|checkout)|each (?:time|session|run|task|turn|start|project)|whenever|at (?:the )?(?:start|beginning)|on (?:startup|start|every|each)|before (?:any|every|each|doing|starting|running|you|work|the|answering|tests?|builds?|using|compiling|committing)|first[, ]|must|mandatory|from now on|remember to|make sure|be sure|ensure|automatically|never (?:start|begin|work|run)|required|you (?:should|need|have to)|(?:new |all )?(?:agents|assistants|sessions|models) (?:must|should|need)|silently|please|immediately|standing|prerequisite|to (?:fix|solve|repair|resolve|avoid|unlock|verify|continue|proceed|update|refresh|keep|prepare|activate|get)\b|step 1|1[.)] )\b|每次|始终|总是|必须|务必|一律|先(?:运行|执行|安装)|首先|始終|總是|每个|必ず|常に|毎回|最初に|まず/i;
const IMPERATIVE_BEFORE =
  /(?:^|[\n.:;!?>\-*•`"']|\d[.)])\s*(?:(?:then|now|just|simply|also|and|next|please|so|to \w+,?)\s+)?(?:run|execute|use|install|launch|start|type|paste|call|invoke|do|apply)(?:\s*[:`"'(]|\s+(?:this|the|it|with|a|an|our|one|following|command|script|in|once|locally)\b)?[^.\n]{0,40}$/i;
const TOLD =
  /\b(?:was|were|has been|had|used to|previously|formerly|replaced|removed|deprecated|banned|blocked|refus(?:e|es|ed)|reject(?:s|ed)?|detect(?:s|ed)?|flag(?:s|ged)|forbidden|against|instead of|rather than|not|never|don't|avoid|stopped|dangerous|insecure|risk(?:y|s)?|unsafe|vulnerab|warns?|documented|documentation|docs|readme|ci image|dockerfile|installed with|installed via|installs|explains?|mentions|shows|example|how to|i installed|we installed|bad (?:idea|practice)|anti-?pattern|audit(?:ed)?|pins?|pinned|verif(?:y|ies) the (?:checksum|signature)|checksum)\b|不要|禁止|不能|拒绝|避免|曾经/i;
/** Makers of tool chains that publish exactly this as their way to install. */
const KNOWN_MAKERS =
  /https?:\/\/(?:sh\.rustup\.rs|bun\.sh|get\.docker\.com|deno\.land|astral\.sh|get\.pnpm\.io|install\.python-poetry\.org|raw\.githubusercontent\.com\/(?:nvm-sh|Homebrew|pyenv|ohmyzsh)\/|fnm\.vercel\.app|get\.volta\.sh|mise\.run|nixos\.org|deb\.nodesource\.com|sdk\.cloud\.google\.com|bootstrap\.pypa\.io|get\.sdkman\.io|starship\.rs|localhost|127\.0\.0\.1)\b/i;
const EVERY_SESSION =
  /\b(?:always|every (?:time|session|run|task|turn)|each (?:time|session|run|task|turn)|whenever|automatically|silently)\b|每次|始终|总是|毎回|常に/i;

function isInnocentInstall(hit: string, before: string, after: string): boolean {
  const sentence = `${before.replace(/^.*[!?;\n。！？]|^.*\.\s/s, '')} ${after.replace(/[\n!?;。！？].*$|\.\s.*$/s, '')}`;
  const standing = STANDING_INSTALL.test(sentence) || STANDING_INSTALL.test(hit);
  if (isRefused(before) || (TOLD.test(sentence) && !EVERY_SESSION.test(sentence))) return true;
  if (KNOWN_MAKERS.test(hit)) return !EVERY_SESSION.test(sentence);
  const ordered =
    IMPERATIVE_BEFORE.test(before.slice(-80)) ||
    /^(?:run|execute|download|install|fetch|grab|launch)\b/i.test(hit) ||
    /^[^\n]{0,40}\b(?:before|first|every|each|on start|at start)/i.test(after);
  // Alone on its line, or as the whole text, a command is a recipe to follow.
  const alone = /(?:^|\n)[\s>$#`*-]*$/.test(before) && /^[\s`"'.]*(?:\n|$)/.test(after);
  return !(standing || ordered || alone);
}

/** Makes the execution of downloaded code a standing instruction. */
export const installsFromAStranger = (text: string): string | undefined =>
  firstHit(
    text,
    PIPED.map((pattern) => ({ pattern, innocent: isInnocentInstall })),
  );

const SENSITIVE_FILE = String.raw`(?:~?/?[\w./$\{}-]{0,40}\.ssh\b[\w./*-]{0,40}|id_(?:rsa|ed25519|ecdsa|dsa)\b|\.env\b(?!\.(?:example|sample|template|test))|\.env\.\w{1,16}|\.aws/\w*|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.pgpass|\.kube/config|\.docker/config(?:\.json)?|\.codex/(?:auth(?:\.json)?|\w*)|auth\.json|\.config/gh\b[\w./]{0,20}|\.gnupg\b[\w./]{0,20}|/etc/(?:passwd|shadow)|[Kk]eychain\b|Cookies\b|Login Data|wallet\.dat|\.bash_history|\.zsh_history|credentials\.json|service-account\.json|secrets?\.(?:ya?ml|json|env|toml)|\.vault-token|terraform\.tfstate)`;
const SENSITIVE_COMMAND = String.raw`(?:printenv|env(?=\s*[|)\x60>])|export -p|\bset(?=\s*\|)|history(?=\s*[|)])|gh auth token|security find-(?:generic|internet)-password|aws configure (?:get|export-credentials)|gcloud auth print-\w+|kubectl get secrets?|git credential fill|pass show|op read|whoami|hostname(?=\s*[|)])|pbpaste)`;
const SECRET_VARIABLE = String.raw`\$\{?(?:env:)?\w{0,30}(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?|SSH_\w+)\w{0,20}\}?`;
const SENDER = String.raw`(?:curl|wget|nc|ncat|netcat|socat|telnet|openssl s_client|http|https|xh|httpie|mail|sendmail|mutt|ssh|scp|sftp|rsync|ftp|aws s3 cp|gsutil cp|rclone|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|Send-MailMessage|/dev/tcp/\S+)`;

const EXFILTRATION: Guarded[] = [
  ...plainly(
    new RegExp(
      `\\b(?:cat|tar|zip|base64|gzip|less|head|tail|type|Get-Content|gc|find|grep|xxd|od)\\b[^\\n|]{0,80}?${SENSITIVE_FILE}[^\\n]{0,120}?\\|[^\\n]{0,80}?(?<![\\w.])${SENDER}(?![\\w.])`,
      'g',
    ),
    new RegExp(
      `${SENSITIVE_COMMAND}[^\\n]{0,80}?\\|[^\\n]{0,80}?(?<![\\w.])(?:curl|wget|nc|ncat|netcat|socat|telnet|openssl s_client|mail|sendmail|/dev/tcp/\\S+)(?![\\w.])`,
      'g',
    ),
    new RegExp(
      `(?<![\\w.])${SENDER}\\s[^\\n]{0,240}?(?:\\$\\(|\`|<\\()\\s*(?:[a-z0-9]+\\s[^\\n)\`]{0,60}?)?(?:${SENSITIVE_FILE}|${SENSITIVE_COMMAND})`,
      'g',
    ),
    new RegExp(
      `(?<![\\w.])${SENDER}\\s[^\\n]{0,240}?(?:@|<\\s?|--post-file[= ]|-T\\s|--upload-file[= ]|--body-file[= ]|-InFile\\s)["']?(?:\\$HOME/|~/|%USERPROFILE%[\\\\/])?${SENSITIVE_FILE}`,
      'g',
    ),
    new RegExp(
      `\\b(?:scp|rsync|sftp|aws s3 cp|gsutil cp|rclone copy)\\s[^\\n]{0,80}?${SENSITIVE_FILE}[^\\n]{0,60}?\\s(?:\\S+@\\S+:|s3://|gs://|\\S+:/)`,
      'g',
    ),
    new RegExp(
      `\\b(?:dig|nslookup|host|ping|drill|getent hosts|Resolve-DnsName)\\b[^\\n]{0,80}?(?:\\$\\(|\`|${SECRET_VARIABLE})[^\\n]{0,120}?\\.[a-z]{2,}`,
      'g',
    ),
    /\b(?:requests|httpx|axios|urllib\.request|http\.client|got|session)\.?(?:post|put|get|urlopen|request)?\s?\([^\n]{0,200}?(?:os\.environ\b(?!\s*(?:\[|\.get))|process\.env\b(?!\.)|open\(["'][^"')]{0,60}(?:\.ssh|\.env|id_rsa|\.aws|\.npmrc|auth\.json))/g,
    /\bfetch\(\s*["'`]https?:\/\/[^\n]{0,200}?(?:JSON\.stringify\(process\.env\)|readFileSync\([^\n]{0,60}(?:\.ssh|\.env|id_rsa|\.aws|\.npmrc|auth\.json)|process\.env\b(?!\.))/g,
    /!\[[^\]\n]{0,80}\]\(\s*https?:\/\/[^)\s]{1,200}[?&/=](?:\{|\$|<|%7B|\[)[^)\n]{0,60}(?:secret|token|key|data|conversation|history|env|summary|context|password|content|message|answer)[^)\n]{0,40}\)/gi,
    /\b(?:webhook\.site|requestbin\.\w+|pipedream\.net|\w+\.m\.pipedream\.net|burpcollaborator\.net|interact\.sh|oast\.\w+|canarytokens\.com|transfer\.sh|0x0\.st|termbin\.com|file\.io|bashupload\.com|dnslog\.cn|ceye\.io|beeceptor\.com|requestcatcher\.com|hookbin\.com|webhook\.cool|ngrok(?:-free)?\.(?:io|app|dev))\b[^\n]{0,120}?(?:env|token|secret|key|\.ssh|credential|password|history|transcript|conversation|source|config)/gi,
  ),
  {
    pattern: new RegExp(
      `(?<![\\w.])(?:curl|wget|nc|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|http|xh)\\s[^\\n]{0,240}?${SECRET_VARIABLE}[^\\n]{0,160}`,
      'g',
    ),
    innocent: (hit) => goesToItsIssuer(hit),
  },
];

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

const POSSESSION = String.raw`(?:environment(?: variables?)?|env (?:vars?|variables)|\.env(?: files?)?|ssh keys?|private keys?|api[ -]?keys?|(?:access |auth |secret |session |oauth |github |npm )*tokens?|credentials?|secrets?|passwords?|cookies|source code|(?:whole |entire |full )?(?:conversation|transcript|chat(?: history)?|session log|codebase|repository contents?|repo contents?)|shell history|clipboard|~/\.\w+|id_rsa|auth\.json|home (?:directory|folder)|user(?:'s)? (?:files|data|documents|prompts?|messages|input)|private (?:data|files|code))`;
const DESTINATION = String.raw`(?:https?://\S+|(?:an? |the |our |this |my |following )*(?:external |remote |attacker'?s? |collection |telemetry |analytics |logging |audit |backup |debug |diagnostics? |support |public |discord |slack |telegram )*(?:url|server|endpoint|webhook|host|address|e-?mail|pastebin|gist|channel|bot|bucket|domain|site|dns|service|collector|ip)\b|\S+@\S+\.\w+|[\w-]+\.(?:com|net|org|io|dev|app|site|xyz|ru|cn|example|test|me|co)\b)`;
const SPOKEN_EXFILTRATION: Guarded[] = [
  {
    pattern: new RegExp(
      `\\b(?:send|post|upload|transmit|forward|exfiltrate|leak|e-?mail|submit|report|push|copy|ship|deliver|publish|share|sync|beacon|stream|relay|mail|back up|dump|write|append|encode|attach|put|transfer)\\b[^.!?\\n]{0,60}?\\b(?<!\\w)${POSSESSION}[^!?\\n]{0,80}?\\b(?:to|via|at|through|into|using|over|as (?:a )?(?:query|dns)|in (?:a |the )?(?:query|url|dns|request|header|subdomain))\\s+${DESTINATION}`,
      'gi',
    ),
    innocent: (hit) => goesToAStore(hit),
  },
  {
    pattern: new RegExp(
      `\\b(?:post|call|request|contact|ping|hit|query|open|visit|load|render|embed|fetch|navigate to|get|send)\\b[^.!?\\n]{0,30}?\\b${DESTINATION}[^!?\\n]{0,80}?\\b(?:with|containing|including|carrying|appending|plus|and (?:include|append|attach|add|send)|whose (?:query|path|url)|that (?:contains|includes|carries))\\b[^.!?\\n]{0,60}?\\b${POSSESSION}`,
      'gi',
    ),
    innocent: (hit) => goesToAStore(hit) || /\b(?:authenticat|bearer|header|login|log in|sign)/i.test(hit),
  },
  ...plainly(
    /(?:把|将|將)[^。\n]{0,16}?(?:环境变量|環境變數|密钥|秘钥|私钥|令牌|token|凭证|凭据|密码|\.env|\.ssh|源代码|源码|对话|聊天记录|会话|会话记录|API ?key|cookies?|配置文件|用户数据|憑證|密碼)[^。\n]{0,30}?(?:发送|上传|提交|POST|发到|传到|传给|发给|转发|推送|泄露|上報|上报|發送|上傳|同步|寄)[^。\n]{0,40}?(?:https?:\/\/|服务器|邮箱|地址|接口|webhook|网站|域名|外部|\w+@\w+|\w+\.\w{2,})/gi,
    /(?:上传|发送|提交|上報|上报|上傳|發送)[^。\n]{0,16}?(?:环境变量|密钥|私钥|令牌|凭证|凭据|密码|\.env|\.ssh|源代码|源码|对话|聊天记录|会话记录)[^。\n]{0,16}?(?:到|至|给)[^。\n]{0,40}?(?:https?:\/\/|服务器|邮箱|外部|webhook|\w+@\w+|\w+\.\w{2,})/gi,
    /(?:環境変数|秘密鍵|APIキー|トークン|認証情報|パスワード|\.env|\.ssh|ソースコード|会話(?:履歴)?)[^。\n]{0,16}?を[^。\n]{0,30}?(?:https?:\/\/\S+|サーバー?|外部|webhook|メール)[^。\n]{0,16}?(?:送信|送る|送って|アップロード|投稿|転送|POST)/gi,
  ),
];

/** Where secrets belong, and where code belongs. */
const goesToAStore = (hit: string): boolean =>
  /\b(?:vault|secret(?:s)? manager|1password|key ?chain|bitwarden|doppler|kms|parameter store|github (?:actions )?secrets?|github\.com|gitlab\.com|origin|upstream|sealed secrets|keyring|hsm|token endpoint|auth(?:entication|orization)? (?:server|endpoint|service)|oauth|login endpoint|identity provider|localhost|127\.0\.0\.1|staging|(?:health|metrics) endpoint|internal)\b/i.test(
    hit,
  ) && !/\b(?:attacker|external|webhook|pastebin|discord|telegram)\b/i.test(hit);

/** Carries secrets, code or conversations to a stranger: by command, code, DNS, image or in words. */
export const exfiltrates = (text: string): string | undefined =>
  firstHit(text, EXFILTRATION) ?? firstHit(text, SPOKEN_EXFILTRATION);

const BACKDOORS: Guarded[] = plainly(
  /\b(?:bash|sh|zsh)\s+-i\s*(?:>&|&>|<)\s*\/dev\/tcp\/|\b(?:nc|ncat|netcat)\s+(?:-\w+\s+){0,4}[^\n]{0,60}?-\w*[ec]\w*\s+(?:\/bin\/)?(?:ba)?sh\b|mkfifo\s+\S+[^\n]{0,80}?\|\s*(?:nc|ncat)\b|socat\s+[^\n]{0,80}?exec:/gi,
  /(?:>>|tee -a|append|add|write|echo|put|install)[^\n]{0,120}?authorized_keys\b(?=[^\n]{0,80})/gi,
  /(?:>>|tee -a)\s*(?:~|\$HOME|\/home\/\w+|\/etc)\/?\.?(?:bashrc|zshrc|profile|bash_profile|zprofile|crontab|rc\.local|hosts)\b[^\n]{0,20}/g,
  /\b(?:crontab|schtasks|launchctl|systemctl (?:--user )?enable)\b[^\n]{0,120}?\b(?:curl|wget|nc|bash -c|\/tmp\/)/gi,
  /\b(?:always|must|should|first|before|every|please|ensure|make sure|run|execute|start by|begin by)\b[^.!?\n]{0,60}?\brm\s+-[a-z]*r[a-z]*f?[a-z]*\s+(?:--no-preserve-root\s+)?(?:\/(?!\w)|~\/?(?=[\s`"']|$)|\$HOME\b|\/\*|\/(?:etc|usr|home|var)\b(?!\/\w+\/))/gi,
  /:\(\)\s*\{\s*:\|:&\s*\};:|\bdd if=\/dev\/(?:zero|urandom) of=\/dev\/(?:sd|nvme|disk)|\bmkfs\.\w+\s+\/dev\//g,
  /\balias\s+(?:sudo|ssh|git|npm|ls|cd)=["'][^"'\n]{0,120}?(?:curl|wget|nc |\/tmp\/|base64)/g,
  /\bgit\s+config\s+(?:--global\s+)?(?:core\.(?:hooksPath|sshCommand|fsmonitor|pager|editor)|credential\.helper|url\.\S+\.insteadOf)\s+[^\n]{0,120}?(?:https?:\/\/|curl|wget|\/tmp\/|!)/g,
);

/** Opens the machine to somebody, or wrecks it. */
export const plantsABackdoor = (text: string): string | undefined => firstHit(text, BACKDOORS);
