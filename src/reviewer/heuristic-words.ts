/** Word lists that the rules share. Lower case; English unless a name says otherwise. */

const words = (text: string): string => text.trim().split(/\s+/u).join('|');

/** Tools, languages and styles that one project settles on: "X instead of Y" about two of these is a rule. */
export const TOOL = new RegExp(
  String.raw`(?<![\w-])(?:${words(`
  npm pnpm yarn bun bunx npx deno node corepack nvm fnm volta asdf mise
  pip pip3 pipx uv poetry pipenv conda mamba virtualenv venv pyenv python python2 python3 pytest unittest nose ruff black flake8 pylint isort mypy pyright
  jest vitest mocha ava jasmine cypress playwright puppeteer selenium storybook eslint oxlint biome prettier tslint stylelint standard
  webpack vite rollup esbuild rolldown parcel turbopack turbo nx lerna tsc ts-node tsx babel swc typescript javascript
  make cmake ninja bazel gradle maven mvn ant sbt just task cargo clippy rustfmt go gofmt goimports golangci-lint gotestsum
  docker docker-compose podman kubectl helm terraform tofu ansible vagrant nix brew apt apt-get yum dnf pacman
  git gh glab hg svn github gitlab bitbucket jira linear rebase merge squash
  bash zsh fish sh powershell pwsh tmux vim neovim nvim emacs vscode
  grep rg ripgrep ag fd find sed awk jq yq curl wget httpie httpx requests axios fetch got undici ky
  postgres postgresql mysql mariadb sqlite mongodb redis memcached kafka rabbitmq
  react vue svelte angular solid next nuxt remix express fastify koa nest django flask fastapi rails sinatra spring
  lodash underscore ramda moment dayjs luxon date-fns zod joi yup valibot pydantic dataclasses prisma typeorm sequelize drizzle sqlalchemy
  css scss sass less tailwind bootstrap styled-components json yaml toml xml csv markdown rst asciidoc html
  tabs spaces semicolons camelcase snake_case kebab-case pascalcase enums interfaces
  log4j slf4j winston pino loguru structlog logger print println console.log
  english chinese mandarin german french spanish italian portuguese japanese korean russian dutch british american
  中文 英文 英语 日语 日本語 英語
  `).replaceAll('.', String.raw`\.`)})(?![\w-])`,
  'iu',
);

/** How the assistant talks and works with this person: belongs to USER.md. */
export const PERSONAL = new RegExp(
  String.raw`\b(?:answers?|answering|reply|replies|replying|respond|(?:your|short|shorter|long|brief) responses?|responses (?:short|brief|under|concise|in)|explain|explanations?|summar(?:y|ies|ize|ise)|tone|concise|brief|terse|verbose|wordy|chatty|emojis?|apologi[sz]e|apologi[sz]ing|apologies|apology|praise|flattery|bullet points?|ask me|asking me|tell me|telling me|show me|call me|(?:give|write|send) me|you write for me|talk to me|address me|confirm with me|check with me|my (?:editor|shell|terminal|machine|laptop|timezone|name|keyboard)|i(?:'d| would)? (?:really |strongly |always |also )?(?:prefer|like|love|hate|dislike|want you)|small talk|step by step|tl;?dr)\b`,
  'iu',
);
export const PERSONAL_CJK =
  /回答|回复|答复|解释|说明时|语气|简洁|简短|啰嗦|废话|客套|表情|道歉|告诉我|问我|跟我确认|征求我|称呼我|叫我|我(?:更|比较|一般|平时)?(?:喜欢|习惯|偏好|讨厌|不喜欢)|跟我(?:说|讲)|返事|返答|回答|説明|敬語|絵文字|簡潔/u;

/** How people work on a repository; a rule with one of these words is about the work, not about a program's behaviour. */
export const WORKFLOW = new RegExp(
  String.raw`\b(?:repo|repos|repository|monorepo|project|codebase|code base|commits?|committing|commit messages?|push|pushing|force-push|branch(?:es)?|main|master|develop|trunk|merge|merging|pull requests?|prs?|mrs?|code review|reviews?|changelog|release|releases|releasing|deploy|deploying|deployments?|production|prod|staging|ci|pipeline|migrations?|schema changes?|lockfile|package-lock|dependenc(?:y|ies)|packages?|secrets?|credentials?|\.env|api keys?|tests?|test suite|e2e|unit tests?|lint|linter|linting|formatter|type ?check|docs|documentation|comments?|docstrings?|naming|variable names|imports?|license headers?|generated (?:files?|code)|vendor|sudo|without asking|on your own|asking me|ask me|ask first|confirmation|unless i|your answers?|your code|you write|tickets?|jira|ssh|backups?)\b`,
  'iu',
);

/** Verbs that, after "always" or "never", mostly tell what a program shall do. */
export const PROGRAM_VERB = new RegExp(
  `^(?:${words(`
  return returns show display render hide redirect throw raise emit let allow send enable disable open scroll retry cache sort trim round
  fail crash block panic exceed go happen load trigger fire call receive accept reject start stop wait log print output produce contain include
  expire match resolve fetch refresh reload update set reset increment decrement drop overflow lose play pause animate autoplay default fall
  have get be become assume null skip close free release flush lock unlock escape validate sanitize trust
  `)})\\b`,
  'u',
);

/** A path, or code in backticks: something of the repository. */
export const NAMED = /`|(?:^|\s)(?:[\w.@-]+\/[\w./@*-]*|\.\w[\w.-]+)(?=$|[\s,.;)])/u;

/** What a program deals with: a rule about one of these is how the program shall behave. */
export const DOMAIN =
  /\b(?:users?(?!-)|customers?|visitors?|the clients?|tenants?|orders?|carts?|invoices?|payments?|buttons?|modals?|forms?|screens?|fields?|rows?|items?|sessions?|queues?|workers?|jobs?|startup|connections?|transactions?|discounts?|mails?|shipping|the (?:function|method|(?:\w+ )?argument|parameter|variable))\b|用户|客户|顾客|订单|按钮|页面|弹窗|表单|登录|字段|点击|ユーザー|画面|フォーム/u;

/** Narrow places: what is said about one of them ends with the task. */
export const NARROW = new RegExp(
  String.raw`\b(?:in|for|inside|within|on|of|to|with|at) (?:this|that|the|these|those|your|my|each|our|a|an)(?: \w+)?(?: \w+)? ?(?:function|method|file|class|loop|component|snippet|line|query|endpoint|page|button|header|footer|sidebar|modal|form|field|column|row|table|cell|input|example|case|demo|experiment|handler|hook|route|controller|service|helper|module|struct|constructor|variable|parameter|argument|script|patch|diff|task|ticket|step|block|section|paragraph|chapter|sentence|title|label|prototype|spike|poc|one|prompt|exercise|screenshot|dialog|toast|chart|graph|image|icon|logo|regex|migration|test case|fixture|refactor|rewrite)s?\b|\bin the (?:[\w-]+ ){1,2}(?:test|spec)\b|\b(?:in|for|on|of|with|within|to|from|run) (?:this|that|these|those) (?!repo|repository|project|codebase|code base|monorepo|team|company|org|organi[sz]ation|workspace|way|account|machine|language|rule|convention)\w+|\b(?:in|for) this (?:pr|mr|commit|branch|test|change|session|conversation|chat|run|request|release|one|bit|part)\b|\b(?:just|only) (?:here|this once|for this|in here|there)\b|\b(?:above|below)\b|\b(?:on|in|at) lines? \d+|\b\w+\(\)|\bin \S+\.(?:ts|js|tsx|jsx|py|go|rs|java|rb|c|cpp|h|css|html|md|ya?ml|json|sh|vue|kt|swift)\b`,
  'iu',
);
export const NARROW_CJK =
  /(?:这|那)个(?=\s?[\p{Script=Han}a-z`])(?!仓库|项目|代码库|工程|团队|公司|规则|约定|习惯|原则|点|语言|时区)|(?:这个|那个|该|此|这里的|这段|这几个|上面的|下面的)(?:函数|方法|文件|类|循环|组件|片段|接口|页面|按钮|表单|字段|列|表|例子|模块|脚本|任务|测试|用例|变量|参数|弹窗|分支|提交|需求|PR|代码|SQL|查询|接口)|(?:函数|方法|组件|页面|按钮|弹窗|循环)(?:里|中|内|上|的)|この(?:関数|ファイル|メソッド|クラス|テスト|ループ|コンポーネント|ボタン)/u;

/** Only for a while. */
export const TEMPORARY =
  /\bfor (?:now|the moment|the time being|today|tonight|this (?:session|task|one|time|run|week|sprint|test|once)|the rest of)\b|\b(?:right now|(?<!from )today|tonight|tomorrow|this time|this once|just once|this week|temporarily|for a (?:bit|while|moment|second|minute)|in this (?:session|conversation|chat)|while (?:i'm|i am|we're|we are) (?:testing|debugging|away|on)|while you're at it|as a (?:workaround|test)|quickly)\b|\b(?:yet|later)[.!]?$/iu;
export const TEMPORARY_CJK =
  /快要?[^，,]{1,6}了|这次|这一次|今天|今晚|明天|暂时|先不|先别|目前先|临时|现在先|本次|一会儿?|待会|等会|回头|今回は|今回だけ|今日は|一旦|とりあえず/u;

/** Signs that a rule is meant to last. */
export const LASTING =
  /\b(?:from now on(?:wards?)?|from here on(?: out)?|from today(?: on)?|going forward|moving forward|henceforth|in (?:the )?future|for (?:all |any )?future (?:\w+)|as a (?:general )?rule|at all times|without exceptions?|no exceptions?|(?:hard|house|company|team|golden) (?:rule|policy)|our policy|under (?:any|no) circumstances|(?:every|each|any) ?time (?:you|we (?!get|see|hit))|whenever you|whenever we|whenever i (?:say|ask|type|write|mention|paste|send|post)|when you write [\w ]{1,20} for me|when you (?:talk to|answer|reply to|write to) me|for next time|next time|in (?:all )?(?:future|later) (?:sessions|conversations|chats|tasks)|(?:anything|everything|all (?:the )?(?:code|text)) you (?:write|generate|produce)|(?<=[,.;] ?)always(?=[.!]*$)|when you (?:finish|complete|start|open|make|create|write|add|propose|review|fix) (?:a|an|any|some) (?:new )?(?:task|feature|bug|pr|pull request|commit|test|function|file|migration|dependency|package|module|endpoint|component|branch|change|fix)(?! (?:for|of|to|in) (?:this|that|the)))\b/iu;
