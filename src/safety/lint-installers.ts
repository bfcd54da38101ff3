import { firstHit, isRefused, row, type Row } from './lint-patterns.ts';

const FETCH = String.raw`(?:curl|wget|fetch|aria2c|lynx|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|http|https|xh)`;
const SHELL = String.raw`(?:(?:sudo|env|exec|nohup|command)\s+(?:-\S+\s+)*)*(?:/(?:usr/)?bin/)?(?:bash|sh|zsh|dash|ksh|fish|python[23]?|node|deno|bun|perl|ruby|php|pwsh|powershell|iex|Invoke-Expression|source|eval|xargs (?:bash|sh))\b`;

/** Sentences about what was, or should not be. */
const TOLD =
  /\b(?:was|were|has been|had|used to|previously|formerly|replaced|removed|deprecated|banned|blocked|blocks|refus(?:e|es|ed)|reject(?:s|ed)?|detect(?:s|ed)?|flag(?:s|ged)|forbidden|instead of|rather than|not|never|don't|avoid|stopped|dangerous|insecure|risk(?:y|s)?|unsafe|vulnerab\w*|warns?|explains?|describes?|mentions|bad (?:idea|practice)|anti-?pattern|audit(?:ed)?)\b|不要|禁止|不能|拒绝|避免|曾经/i;
/** Makers of tool chains that publish exactly this as their way to install. */
const KNOWN_MAKERS =
  /https?:\/\/(?:sh\.rustup\.rs|bun\.sh|get\.docker\.com|deno\.land|astral\.sh|get\.pnpm\.io|install\.python-poetry\.org|raw\.githubusercontent\.com\/(?:nvm-sh|Homebrew|pyenv|ohmyzsh)\/|fnm\.vercel\.app|get\.volta\.sh|mise\.run|nixos\.org|deb\.nodesource\.com|sdk\.cloud\.google\.com|bootstrap\.pypa\.io|get\.sdkman\.io|starship\.rs|localhost|127\.0\.0\.1)\b/i;
const EVERY_SESSION =
  /\b(?:always|every (?:time|session|run|task|turn)|each (?:time|session|run|task|turn)|whenever|automatically|silently)\b|每次|始终|总是|毎回|常に/i;

/** `curl | bash` without an address is the habit's name, nothing that could be run. */
const ADDRESS = /[\w-]\.\w|:\/\/|[$<]/;

/** A command that a note tells of is not one that it orders; from well-known makers it may be ordered once. */
function isInnocentInstall(hit: string, before: string, after: string): boolean {
  const sentence = `${before.replace(/^.*[!?;\n。！？]|^.*\.\s/s, '')} ${after.replace(/[\n!?;。！？].*$|\.\s.*$/s, '')}`;
  const everySession = EVERY_SESSION.test(sentence);
  return isRefused(before) || ((TOLD.test(sentence) || KNOWN_MAKERS.test(hit) || !ADDRESS.test(hit)) && !everySession);
}

/** A download that is executed unseen. */
const DOWNLOADS: Row[] = [
  row(
    'curl|wget|fetch|aria2c|lynx|iwr|irm|invoke-|http & bash|sh|python|node|deno|bun|perl|ruby|php|iex|source|eval|invoke-expression',
    () =>
      new RegExp(
        `\\b${FETCH}\\b[^\\n]{0,300}?\\|\\s*(?:tee\\s+\\S+\\s*\\|\\s*|base64\\s+\\S+\\s*\\|\\s*|gunzip\\s*\\|\\s*)?${SHELL}`,
        'gi',
      ),
    isInnocentInstall,
  ),
  row(
    '<( & bash|sh|source|python|node|perl|ruby|.',
    () =>
      new RegExp(`\\b(?:bash|sh|zsh|source|python[23]?|node|perl|ruby|\\.)\\s+<\\(\\s*${FETCH}\\b[^\\n]{0,300}`, 'gi'),
    isInnocentInstall,
  ),
  row(
    'curl|wget|fetch|iwr|irm|invoke-|http & -c|eval',
    () => new RegExp(`\\b(?:(?:bash|sh|zsh)\\s+-\\w*c|eval)\\s+["']?(?:\\$\\(|\`)\\s*${FETCH}\\b[^\\n]{0,300}`, 'gi'),
    isInnocentInstall,
  ),
  row(
    'iex|invoke-expression',
    /\b(?:iex|Invoke-Expression)\b\s*[("'$&]{0,4}\s*(?:\(?\s*(?:iwr|irm|curl|wget|Invoke-WebRequest|Invoke-RestMethod|New-Object)\b)[^\n]{0,300}/gi,
    isInnocentInstall,
  ),
  row(
    'python|node|perl|ruby|php & urlopen|urllib|requests.get|fetch(|.get|lwp|open-uri|file_get_contents',
    /\b(?:python[23]?|node|perl|ruby|php)\s+-(?:c|e|r)\s+[^\n]{0,200}?(?:urlopen|urllib|requests\.get|fetch\(|https?\.get|LWP|open-uri|file_get_contents)[^\n]{0,200}?(?:exec|eval|system|spawn)?/gi,
    isInnocentInstall,
  ),
  row(
    'curl|wget|fetch|aria2c|lynx|iwr|irm|invoke-|http & chmod|./|/tmp/|~/',
    () =>
      new RegExp(
        `\\b${FETCH}\\b[^\\n]{0,300}?(?:&&|;|\\bthen\\b|\\band\\b)[^\\n]{0,80}?(?:chmod\\s+\\+?[0-7x]+|${SHELL}\\s+(?:\\./|/tmp/|~/)\\S+)`,
        'gi',
      ),
    isInnocentInstall,
  ),
  row(
    'npm|pnpm|yarn|bun & http|git: & install|add| i |dlx|exec| x ',
    /\b(?:npm|pnpm|yarn|bun)\s+(?:i|install|add|dlx|x|exec)\s+(?:-\S+\s+)*["'`]?(?:https?:\/\/|git\+https?:\/\/|git:\/\/)[^\s"'`]+/gi,
    isInnocentInstall,
  ),
  row(
    'npx|bunx|pnpx|uvx & http|github:',
    /\b(?:npx|bunx|pnpx|uvx)\s+(?:-\S+\s+)*["'`]?(?:--from\s+)?(?:https?:\/\/|git\+https?:\/\/|github:)[^\s"'`]+/gi,
    isInnocentInstall,
  ),
  row(
    'install & pip|uv & http',
    /\b(?:pip[23]?|uv pip|pipx|uv tool)\s+install\s+(?:-\S+\s+)*["'`]?(?:(?:git\+)?https?:\/\/[^\s"'`]+|[^\n]{0,60}?--(?:extra-)?index-url[= ]https?:\/\/(?!pypi\.org|test\.pypi\.org|download\.pytorch\.org)[^\s"'`]+)/gi,
    isInnocentInstall,
  ),
  row(
    'cargo install|gem install|go run|brew install|code --install|deno run|docker run & http',
    /\b(?:cargo install --git|gem install --source|go run|brew install --build-from-source|code --install-extension|deno run -A|docker run[^\n]{0,80}(?:-v \/:|--privileged)[^\n]{0,80})\s+["'`]?https?:\/\/[^\s"'`]+/gi,
    isInnocentInstall,
  ),
  row(
    'http & download|fetch|grab|get|pull|retrieve & run|execute|install|launch|source|start|pipe|apply',
    /\b(?:download|fetch|grab|get|pull|retrieve)\b[^.\n]{0,40}?(?:script|installer|binary|executable|payload|file|it|setup|bootstrap|updater|tool)\b[^\n]{0,80}?https?:\/\/\S+[^\n]{0,80}?\b(?:and|then)\b[^.\n]{0,30}?\b(?:run|execute|install|launch|source|start|pipe|apply)\b/gi,
    isInnocentInstall,
  ),
  row(
    'http & script|installer|binary|executable|bootstrap|setup|updater|extension|package|patch|hotfix',
    /\b(?:run|execute|launch|install|start|use|apply|source|invoke)\b[^.\n]{0,60}?\b(?:script|installer|binary|executable|bootstrapper|setup|updater|extension|package|patch|hotfix)\b[^.\n]{0,60}?\b(?:from|at|hosted (?:at|on)|found at|on|located at|downloaded from|published at)\s+["'`<(]?https?:\/\/\S+/gi,
    isInnocentInstall,
  ),
  row(
    'http & 运行|执行|安装|下载|執行|実行|インストール',
    /(?:运行|执行|安装|下载并(?:运行|执行|安装)|執行|実行|インストール)[^。\n]{0,30}?https?:\/\/\S+?\.(?:sh|ps1|py|exe|msi|pkg|deb|rpm|bat|cmd|js|tgz|jar|whl|run)\b/gi,
    isInnocentInstall,
  ),
];

/** Makes the execution of downloaded code a standing instruction. */
export const installsFromAStranger = (text: string): string | undefined => firstHit(text, DOWNLOADS);
