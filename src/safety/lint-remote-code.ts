import { clauseBefore, firstHit, isRefused, row, type Excuse, type Row } from './lint-patterns.ts';

const LOCAL = String.raw`(?!localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[::1\])`;
/** Makers and forges from which programs are fetched every day. */
const KNOWN =
  /https?:\/\/(?:[\w-]+\.)*(?:rustup\.rs|bun\.sh|docker\.com|deno\.land|astral\.sh|pnpm\.io|python-poetry\.org|githubusercontent\.com\/(?:nvm-sh|Homebrew|pyenv|ohmyzsh)|github\.com|gitlab\.com|volta\.sh|mise\.run|nixos\.org|nodesource\.com|google\.com|googleapis\.com|pypa\.io|sdkman\.io|starship\.rs|npmjs\.(?:org|com)|pypi\.org|yarnpkg\.com|python\.org|nodejs\.org|microsoft\.com|apple\.com|adoptium\.net|android\.com|oracle\.com|mozilla\.org|jetbrains\.com|debian\.org|ubuntu\.com|amazonaws\.com|aws\.amazon\.com|hashicorp\.com|terraform\.io|postgresql\.org|codecov\.io|fly\.io|supabase\.com|vercel\.(?:com|app)|cloudflare\.com|rvm\.io|golang\.org|go\.dev|k3s\.io|helm\.sh|tailscale\.com|ollama\.com|anthropic\.com|openai\.com|claude\.ai|opencode\.ai|claude\.com|pytorch\.org|crates\.io|rubygems\.org|maven\.org|gradle\.org|npmmirror\.com|tuna\.tsinghua\.edu\.cn|aliyun\.com|jsdelivr\.net|unpkg\.com)\b/i;
const HOUSE_REGISTRY =
  /\b(?:artifactory|nexus|jfrog|verdaccio|mirror|internal|intern|private|proxy|corp|company|codeartifact|pkg\.dev|azure|gitea|proget|our own)\b/i;
const TOLD =
  /\b(?:was|were|has been|removed|replaced|deprecated|banned?|block(?:s|ed)|refus\w+|reject\w*|detect\w*|flag(?:s|ged)|forbid\w*|forbidden|not|never|don't|avoid|instead of piping|dangerous|insecure|malicious|incident|explains?|describes?|attack\w*|quarantined?)\b|不要|禁止|切勿/i;
const EVERY_TIME =
  /\b(?:always|every (?:time|session|run|task|turn|build|start|checkout|repo\w*|project)|each (?:time|session|run|task|turn|build|start)|whenever|automatically|before (?:anything|any (?:work|task|other)|every|each|you (?:start|begin|do|work)|touching|starting|working)|prior to|regardless|at the (?:start|beginning|end) of|first of all|on start(?:up)?|mandatory|when(?:ever)? a session|must)\b|每次|始终|总是|毎回|常に/i;

const sentence = (before: string, hit: string, after: string): string =>
  `${clauseBefore(before)} ${hit} ${after.replace(/[!?\n。].*$|\.\s.*$/s, '')}`;
const known: Excuse = (hit, before, after) =>
  isRefused(before) || KNOWN.test(`${hit}${after.slice(0, 80)}`) || TOLD.test(sentence(before, '', after));
/** For `npm install x --registry <url>` the address alone decides: any text may claim to be about our own mirror. */
const inlineHost = (hit: string): string | undefined =>
  hit.startsWith('--')
    ? (/\/\/([^/\s]+)/.exec(hit)?.[1] ?? '').replace(/^[^.]*(?:proxy|mirror)[^.]*\.\w+$/, '')
    : undefined;
const house: Excuse = (hit, before, after) =>
  KNOWN.test(hit) ||
  isRefused(before) ||
  TOLD.test(sentence(before, '', after)) ||
  (HOUSE_REGISTRY.test(inlineHost(hit) ?? sentence(before, hit, after)) &&
    !/\binstead\b|http:\/\//i.test(sentence(before, hit, after)));
const notEveryTime: Excuse = (hit, before, after) =>
  !EVERY_TIME.test(sentence(before, hit, after)) || isRefused(before) || TOLD.test(sentence(before, '', after));

const OURSELVES =
  /\b(?:prettier|eslint|tsc|vitest|jest|playwright|prisma|turbo|nx|lerna|changeset|husky|lint-staged|biome|oxlint|oxfmt|knip|rolldown|vite|next|create-[\w-]+|tsx|ts-node|ruff|black|mypy|pytest|pre-commit|cypress|storybook|drizzle-kit|wrangler|vercel|supabase|serve|rimraf|npm-check-updates|ncu|depcheck|madge|markdownlint\w*|commitlint|semantic-release|tsup|esbuild|swc|webpack|tailwindcss|shadcn|expo|react-native|ng|nuxt|astro|svelte-kit|gulp|mocha|ava|c8|nyc|typedoc|openapi-\w+|graphql-codegen|buf|sst|cdk|sam|serverless)\b/i;

const IN_EVERY_SESSION =
  /\b(?:(?:whatever|regardless of|independent of) the task|(?:in|of|for) (?:any|every|each) (?:task|session)|(?:any|every|each) (?:new )?(?:task|session)s?\b|all other commands|each morning|before (?:anything|everything) else|first of all)\b|每次|毎回/i;
const HARMLESS_SETUP =
  /\b(?:brew bundle|jq|ripgrep|rg|fd|gh|git|node|python3?|uv|pnpm|yarn|docker|make|cmake|shellcheck|golangci-lint|gopls|pre-commit|cargo-nextest|cargo-watch)\b/i;

const REMOTE_CODE: Row[] = [
  row(
    'install|tap|docker run|add',
    /\b(?:npm (?:i|install) (?:-g|--global)|go install|brew (?:tap|install)|pipx install|cargo install|gem install|code --install-extension|docker run[^\n`]{0,40}?(?:--privileged|-v \/:))\s+(?:-\S+\s+)*\S+/gi,
    (hit, before, after) =>
      !IN_EVERY_SESSION.test(sentence(before, hit, after)) ||
      HARMLESS_SETUP.test(hit.split(/\s+/).at(-1) ?? '') ||
      TOLD.test(sentence(before, '', after)),
  ),
  row(
    'http & .sh|.ps1|.exe|.bat|.cmd|.scr|.vbs',
    () =>
      new RegExp(
        String.raw`https?://${LOCAL}[^\s"'\x60)>/]+/[^\s"'\x60)>]*?\.(?:sh|ps1|exe|bat|cmd|scr|vbs)(?![\w/]|\.\w)`,
        'gi',
      ),
    (hit, before, after) =>
      known(hit, before, after) ||
      /\b(?:see|source|code of|documented|docs|mirrors?|uploads? to|published|publish(?:es)? to|deploys? to|serves?|served|hosts?|hosted by us|our installer is|artefacts?|artifacts?)\b/i.test(
        sentence(before, '', after),
      ),
  ),
  row(
    'http & .sh|.exe|.ps1|.bat|.cmd|.bin|.scr|.run|.py|.jar|.vbs|.js|.pl & run|exec|launch|install|pipe|start|open|source|invoke|download|fetch|use|apply|curl|wget',
    () =>
      new RegExp(
        String.raw`\b(?:run(?:s|ning)?|execut(?:e|es|ing)|launch(?:es|ing)?|install(?:s|ing|ers?)?|pip(?:e|es|ing)|start(?:s|ing)?|open|source|invoke|download(?:s|ing)?|fetch(?:es|ing)?|apply|curl|wget)\b[^\n]{0,80}?\bhttps?://${LOCAL}[^\s"'\x60)>/]+/[^\s"'\x60)>]*?\.(?:sh|exe|ps1|bat|cmd|bin|scr|run|vbs|pl)\b`,
        'gi',
      ),
    known,
  ),
  row(
    'http & run|exec|launch|install|start|open|download|fetch|use|apply|script|get',
    () =>
      new RegExp(
        String.raw`\b(?:run|execute|launch|install(?:er|ed)?|start|open|download|fetch|apply|get)\b[^\n]{0,60}?\bhttps?://(?:\d{1,3}\.){3}\d{1,3}(?<!//(?:127|10|192|172)\.[\d.]+)[^\s]*`,
        'gi',
      ),
    (hit, before, after) => TOLD.test(sentence(before, '', after)) || isRefused(before),
  ),
  row(
    'http & .pkg|.msi|.dmg|.deb|.rpm|.zip|.tgz|.tar|.whl|.vsix|.apk|.appimage|.crx|.jar|.py|.js|setup|install|init|bootstrap|agent',
    () =>
      new RegExp(
        String.raw`\b(?:run|execute|launch|install(?:er|ed)?|pipe|start|open|download|fetch|apply|use|load|curl|wget)\b[^\n]{0,80}?\bhttps?://${LOCAL}[^\s"'\x60)>/]+(?=/)[^\s"'\x60)>]*?(?:\.(?:pkg|msi|dmg|deb|rpm|zip|tgz|tar\.\w+|whl|vsix|apk|appimage|crx|jar|py|js)|/(?:setup|install(?:er)?|init|bootstrap|agent|get|run|go|up))\b`,
        'gi',
      ),
    (hit, before, after) =>
      known(hit, before, after) ||
      notEveryTime(hit, before, after) ||
      /\b(?:docs|documentation|api)\b|\bapi\./i.test(hit),
  ),
  row(
    'http & pip|feed|stream|pass|hand & sh|python|node|shell|interpreter|terminal|perl|ruby',
    () =>
      new RegExp(
        String.raw`\b(?:pip(?:e|es|ing)|feed|stream|pass|hand)\b[^.\n]{0,40}?\bhttps?://${LOCAL}\S+[^.\n]{0,24}?\b(?:in)?to (?:a |the |your )?(?:sudo )?(?:ba|z|da|k)?(?:sh|shell|python3?|node|interpreter|terminal|perl|ruby)\b`,
        'gi',
      ),
    known,
  ),
  row(
    'curl|wget|fetch|download & execut|run|eval|exec|shell|bash| sh',
    /\b(?:curl|wget|download|fetch|retrieve|pull)\b[^.!?\n]{0,60}?\b(?:and|then|,)\s+(?:then |immediately |directly |simply |just |silently )?(?:execut\w+|run(?:s|ning)?|eval\w*|pipe|source|launch)\b[^.!?\n]{0,40}?\b(?:it|its (?:output|content|body|response)|the (?:result|output|response|script|binary|file|body|content))\b/gi,
    (hit, before, after) =>
      known(hit, before, after) ||
      !/https?:|remote|server|\.(?:com|net|io|org|dev)\b|url|gist|pastebin/i.test(sentence(before, hit, after)),
  ),
  row(
    '--registry|set registry|registry=|index-url|registry & http',
    () =>
      new RegExp(
        String.raw`(?:--registry[= ]|\bset registry |\bregistry\s?=\s?|--(?:extra-)?index-url[= ]|\bindex-url\s?=\s?|--index[= ]|\bGOPROXY=|--source[= ])["']?https?://${LOCAL}[^\s"'\x60]+`,
        'gi',
      ),
    house,
  ),
  row(
    'npx|bunx|pnpx|uvx|pipx run|pnpm dlx|yarn dlx|npm exec',
    /\b(?:npx|bunx|pnpx|uvx|pipx run|pnpm dlx|yarn dlx|npm exec)\s+(?:-\S+\s+)*["'`]?[@\w][\w./@-]*/gi,
    (hit, before, after) =>
      OURSELVES.test(hit) ||
      notEveryTime(hit, before, after) ||
      !/\b(?:session|task|anything|regardless|turn|any work|you (?:start|begin|do)|start(?:up|ing)?)\b|--yes|-y\b|--trust/i.test(
        sentence(before, hit, after),
      ),
  ),
  row(
    '/tmp/|/var/tmp|/dev/shm|/.|.bin|.exe|.scr|%temp%|appdata & run|exec|launch|start|invoke|source',
    /\b(?:run|execute|launch|start|invoke|source)\b[^.\n]{0,24}?["'`]?(?:(?:\/var)?\/tmp\/[\w./-]+|\/dev\/shm\/\S+|%TEMP%\S+|%APPDATA%\S+|(?:\.{0,2}\/|~\/)?(?:[\w-]+\/)*\.(?!github|venv|husky|git\b|bin\b|devcontainer|circleci|gitlab|vscode|ci\b|scripts|config|cargo|local|yarn|pnpm|storybook|codex|claude|buildkite|tox|next|nvm|pyenv)[\w-]+\/[\w./-]+|\S+\.(?:bin|scr|exe))(?![\w/])/gi,
    (hit, before, after) =>
      notEveryTime(hit, before, after) ||
      /\b(?:build|compiled?|our|dist|output|release)\b/i.test(sentence(before, '', after)),
  ),
  row(
    'git+|git:|github.com & instead|always|every|each|first|replace|rather & install|add|pip|npm',
    /\b(?:pip[23x]?|npm|pnpm|yarn|uv|cargo|go)\s+(?:pip\s+)?(?:i|install|add|get)\s+(?:-\S+\s+)*["'`]?(?:git\+|git:|github:|https?:\/\/(?:github|gitlab|bitbucket)\.)\S+/gi,
    (hit, before, after) =>
      !/\binstead of\b|\bin place of\b|\breplac/i.test(sentence(before, hit, after)) ||
      TOLD.test(sentence(before, '', after).replace(/instead of/i, '')),
  ),
];

/** Code from strangers: by address, by registry, by a one-off runner, from where nobody looks. */
export const runsRemoteCode = (text: string): string | undefined => firstHit(text, REMOTE_CODE);
