import type { WishRule } from './heuristic-request.ts';
import { NAMED, TOOL, WORKFLOW } from './heuristic-words.ts';

/** The user says that the assistant was wrong. */
const OBJECTION =
  /^(?:(?:no+|nope|(?:whoa|argh?|oh),? no|nah|wrong|incorrect|not (?:quite|right|correct|like that|true)|that(?:'s| is) (?:wrong|incorrect|not (?:right|correct|true|it|how (?:we|i) do (?:it|that|this)(?: here)?|what we do(?: here)?))|that isn't (?:right|correct|how we do (?:it|that)(?: here)?)|you(?:'re| are) (?:wrong|mistaken|using the wrong \w+)|you (?:used|ran|picked|chose|put|named|called|assumed) (?:the wrong \w+|it wrong|\w+ again)|wrong (?:tool|package manager|command|branch|folder|directory|framework|port|path|place|runner|formatter)|stop|hold on|wait|hey|actually|sorry|again|hmm+|ugh|please|i (?:already )?(?:said|told you))(?:[\s,.:;!—–-]+|$))+/u;
const OBJECTION_CJK =
  /^(?:(?:不对|不是这样的?|错了|不行|搞错了|弄错了|你(?:搞|弄|用|写)错了|不不|不是的?|不要这样|别这样|这样不对|这不对|这样是错的|不正确|说过了|我说过|違う|違います|違くて|いや|いえ|それは(?:違|間違)い?(?:です|ます)?|間違い(?:です)?)[\s,，。.:：、!！;；]*)+/u;

const PLACE = /(?:^|\s)(?:[\w.@-]+\/[\w./@*-]*|\.\w[\w.-]*|[\w-]+\.[a-z]{1,5})(?=$|[\s,.;)])/u;
const FACT_NOUN = String.raw`(?:tests?|unit tests?|e2e tests?|integration tests?|fixtures?|specs?|docs?|documentation|configs?|configuration|settings|migrations?|components?|types|scripts?|sources?|source code|assets|templates|translations|locales|schemas?|protos?|generated code|build output|logs|secrets|env files?|shared code|helpers?|api|frontend|backend|styles)`;
const SETTING_NOUN = String.raw`(?:branch|port|database|db|host|url|registry|version|node version|python version|package manager|test runner|test command|build command|command|script|formatter|linter|bundler|framework|orm|region|bucket|cluster|namespace|schema|directory|folder|path|environment|env|shell|indentation|line length|timezone|license|server|queue|entry ?point)`;

/** "Our staging server runs on port 8080", "tests live under test/". */
const STATED = new RegExp(
  String.raw`^(?:the |our |all )?(?:[\w-]+ ){0,3}?(?:${FACT_NOUN}|${SETTING_NOUN}|servers?|services?|apps?|workers?|proxy|cluster|repo)(?: here| for \w+(?: \w+)?)? (?:is|are|lives?|goes|go|belongs?|sits?|stays?|runs?|listens?|uses?|expects?|requires?|needs?|comes?) \S`,
  'u',
);
/** Something exact: a number, a path, a name, or what it is instead of. */
const VALUE = new RegExp(String.raw`\d|${NAMED.source}|\b(?:called|named)\b|, not \w|${TOOL.source}`, 'iu');
const STATE_OF_NOW =
  /\b(?:broken|down|slow|wrong|right|correct|fine|red|green|failing|flaky|missing|empty|ready|done|at the moment|currently|again|still|so the|yet)\b/u;

/** What the objection says instead, when it holds beyond this task. */
const factOf = (rest: string): boolean =>
  /^(?:here |in this (?:repo|project|codebase),? )?we (?:only |always |never |actually )*(?:use|don't use|do not use|(?:don't|do not) (?:do|write|allow|put|mix|commit|name|mock|like|want)\b(?=.*\b(?:here|in this (?:repo|repository|project|codebase)|in our|at all|at this company)\b)|never|always|run|deploy|write|name|call|keep|put|commit|build|test|format|lint|follow|squash|rebase|stick|require|target|support|install|manage|pin|document|store|release|tag|prefer)\b/u.test(
    rest,
  ) ||
  /^(?:this|the|our) (?:repo|repository|project|codebase|monorepo|team|workspace) (?:is|uses|has|doesn't|does not|runs|requires|targets|lives|expects|follows)\b/u.test(
    rest,
  ) ||
  (STATED.test(rest) && VALUE.test(rest) && !STATE_OF_NOW.test(rest)) ||
  (/^(?:please |you (?:should|must|need to|have to) )*(?:use|run|it'?s|it is|that'?s) \S.{0,40}?,? (?:not|instead of|rather than) \S/u.test(
    rest,
  ) &&
    namesTool(rest)) ||
  (/^(?:please |you (?:should|must|need to|have to) )*(?:use|run) \S+(?: \S+){0,3} (?:here|in this (?:repo|project)|for (?:this repo|everything|tests|installs))\b/u.test(
    rest,
  ) &&
    namesTool(rest));

/** Tools in the two places where a correction names them. */
const namesTool = (rest: string): boolean =>
  TOOL.test(
    rest.replaceAll(
      /^(?:please |you should |you must )*(?:use|run|it'?s|it is|that'?s)\b|\b(?:not|instead of|rather than|make|next|print|find|got|go|fetch|task|just|standard|solid|express|black|requests|others?)\b/gu,
      ' ',
    ),
  ) ||
  (new RegExp(`(?<![\\w/.])${SETTING_NOUN}(?![\\w/.])`, 'u').test(rest) && /\d|`|\//u.test(rest));

const correctsTheAssistant: WishRule = ({ plain, before, text }) => {
  const own = OBJECTION.exec(plain)?.[0] ?? '';
  const rest = plain.slice(own.length).replace(/^(?:because|since|as|the thing is|remember,?|that) /u, '');
  const lead = `${before.toLowerCase()} ${own}`.replace(/^.*[.!?] /u, '');
  if (!factOf(rest) || [rest, lead].some(isAboutThisTask)) return undefined;
  const confidence = confidenceIn(own, before, rest);
  if (confidence === undefined) return undefined;
  const work = PLACE.test(text) || WORKFLOW.test(plain);
  return { confidence, ...(work ? { waives: ['isNarrow'] } : {}) };
};

/** "Actually", "wait" and "hmm" also begin second thoughts and stories: then the place must be named. */
function confidenceIn(own: string, before: string, rest: string): number | undefined {
  const firm = /^(?:no|nope|wrong|incorrect|that(?:'s| is|\sisn't)|not|you|stop|whoa|argh?|oh|i )/u;
  if (firm.test(own) || isObjection(before)) return 0.9;
  return own !== '' && /\b(?:here|in this (?:repo|repository|project|codebase)|is called)\b/u.test(rest)
    ? 0.8
    : undefined;
}

const isObjection = (sentence: string): boolean => {
  const plain = sentence.toLowerCase().replaceAll('\u2019', "'");
  const own = OBJECTION.exec(plain)?.[0] ?? '';
  return (
    own !== '' &&
    own.length >= plain.length - 40 &&
    !/^(?:please|hey|wait|again|sorry|actually|hold on|hmm+|ugh)[\s,.!]*$/u.test(own)
  );
};

const isAboutThisTask = (rest: string): boolean =>
  /\bwrong (?:file|line|button|function|one|place|page|test|method|class|variable|column|tab|window)\b|\b(?:i meant|i mean|the other|this (?:one|function|method|file|class|test|button|page|component|line|loop)|that (?:one|function|method|file|class|test|button|page|component|line|loop)|still|yet|in (?:that|this) case|we (?:are|were|have|had|just|need|should|could|can|want|still|already) )\b/u.test(
    rest,
  ) ||
  /\bwe (?:use|call|run|put|keep|store|write|build|test) (?:it|this|that|them|the (?:result|value|return|variable|function|second|first|same|old|new))\b/u.test(
    rest,
  );

const correctsInChinese: WishRule = ({ plain, before }) => {
  const own = OBJECTION_CJK.exec(plain)?.[0] ?? '';
  const earlier = OBJECTION_CJK.exec(before)?.[0] ?? '';
  if (own === '' && !(earlier !== '' && earlier.length >= before.length - 8)) return undefined;
  const rest = plain.slice(own.length);
  const lasts =
    CJK_FACTS.some((fact) => fact.test(rest)) ||
    (TOOL.test(plain) && [rest, plain].some((text) => CJK_CONTRAST.test(text)));
  return lasts && !CJK_TASK.test(rest) ? { confidence: 0.9 } : undefined;
};

const CJK_FACTS = [
  /^(?:这个|本|我们(?:的)?(?:这个)?)?(?:项目|仓库|团队|公司|我们|这里|这边|咱们|后端|前端|服务端)(?:里|中|这边|这里)?(?:一直|都|统一|只|是)?(?:用|使用|不用|要求|规定|默认|的)/u,
  /^(?:应该|要|请|得|都)?(?:改?用|使用)\s*\S.{0,24}?(?:[,，、\s]*(?:而不是|不是|不要用|不用|别用)\s*\S)/u,
  /^(?:测试|配置|文档|迁移|脚本|组件|默认分支|主分支|端口|数据库|包管理器?|类型|源码)(?:文件|代码|命令)?(?:都|应该|要|统一)?(?:放在|在|是|用)\s*[a-z0-9`/.]/u,
  /^\S{1,10}?(?:都|统一|一律)(?:要|应该)?(?:放|写|存|建)(?:在|到)\s*\S/u,
  /^(?:うち|この(?:リポジトリ|プロジェクト))(?:では|は)/u,
];
const CJK_CONTRAST = /^不?是?\s*\S.{0,20}[,，]\s*(?:而)?是\s*\S|ではなく|じゃなくて/u;
const CJK_TASK = /这个(?:函数|按钮|页面|文件|组件|变量|接口)|我(?:是说|的意思|指的)|刚才|上面|颜色|样式|问题|改一下/u;

export const correctionRules = { correctsTheAssistant, correctsInChinese } satisfies Record<string, WishRule>;
