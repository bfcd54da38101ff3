import { asksFor, opened, request } from './heuristic-request.ts';
import type { WishRule } from './heuristic-request.ts';
import { LASTING, PERSONAL, PERSONAL_CJK, TOOL, WORKFLOW } from './heuristic-words.ts';

/** The whole of somebody's work as the place where a rule holds; no single file or function. */
const WHOLE = String.raw`(?:repo|repository|project|codebase|code base|monorepo|team|company|workspace|org|organi[sz]ation)`;
const PLACE = new RegExp(
  String.raw`\b(?:in|for|of|on|across|throughout|within|everywhere in) (?:all (?:of )?|the whole |the rest of )?(?:this|our) (?:entire |whole )?${WHOLE}\b(?!')|\b(?:in|across|throughout) (?:all (?:of )?|the (?:whole|entire) )(?:the )?${WHOLE}\b|\bthroughout .{3,40} of (?:this|our) ${WHOLE}\b`,
  'u',
);

/** An order that names a habit; "add", "fix", "rename" and the like name a task, wherever it is. */
const HABIT =
  /^(?:please |let's (?=.*\b(?:throughout|everywhere|from now on)\b)|only |just )*(?:use (?!the following|this|that|it\b)|avoid |prefer |stick to |keep to |follow |no (?!need|idea|problem|worries|longer|wonder|one\b|matter|rush)|(?:don't|do not|never) (?:use|add|write|commit|put|import|mock|create|introduce|install|name|push|rely|hard-?code|edit|leave) |[\w@/. -]{3,40} only\b)/u;

/** "Use British spelling throughout this project": a habit, and the whole work as its place. */
const namesHabitAndPlace: WishRule = ({ plain }) => {
  const rest = request(plain) ?? '';
  const headed = new RegExp(
    `^for (?:this|our) ${WHOLE}: (?!list|show|find|check|write|make|add|create|run|fix|explain|tell|give|count|update).*\\b(?:is|are|uses?|no|never|always|only)\\b`,
    'u',
  );
  if (headed.test(opened(plain))) return { confidence: 0.85 };
  return PLACE.test(rest) && HABIT.test(rest) ? { confidence: 0.85 } : undefined;
};

const NORM = String.raw`(?:must|have to|has to|go(?:es)?|live|lives|belong|belongs|(?:is|are) (?:always|only|never|written|named|kept|stored|formatted|called|placed))`;

/** "Tests in this repo go next to the source." */
const saysWhatGoesWhere: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const form = new RegExp(
    String.raw`^(?:all |every |each |any |new )*(?!the |it |this |that |my |your |one |there )[\w -]{3,40}? (?:in|of|for) (?:this|our) ${WHOLE} ${NORM}\b`,
    'u',
  );
  const all = new RegExp(String.raw`^(?:all|every|any|each|no) [\w -]{2,30}? ${NORM}\b`, 'u');
  return form.test(rest) || (all.test(rest) && PLACE.test(rest))
    ? { confidence: 0.85, waives: ['isNarrow'] }
    : undefined;
};

/** "This repo doesn't use semicolons." */
const saysWhatIsNotDoneHere = asksFor(
  0.85,
  new RegExp(
    String.raw`^(?:this|our) ${WHOLE} (?:doesn't|does not|never) (?:use|have|allow|need) (?!a (?:test|way)\b)\S`,
    'u',
  ),
  { unless: /\b(?:yet|but|any ?more|right|anyway)\b/u },
);

/** "Going forward: small PRs, one topic each". */
const namesWhatHoldsFromNowOn: WishRule = ({ plain }) => {
  const what =
    /^(?:from now on|going forward|from today on)[:,]? (?!(?:i|it|he|she|they|the|this|that|there|you'll)\b)(.{6,})$/u.exec(
      opened(plain),
    )?.[1];
  const about = what !== undefined && [WORKFLOW, TOOL, PERSONAL].some((words) => words.test(what));
  return about && !/\b(?:will|is|are|was|would|can|could|may|might)\b/u.test(what) ? { confidence: 0.85 } : undefined;
};

/** "We use feature folders here, not layers." */
const usesHereNot = asksFor(0.85, /^we (?:only )?use [\w ./-]{3,40} here, (?:not|never) \w/u);

/** "Don't open PRs as ready, always as draft." */
const contrastsNeverAndAlways: WishRule = ({ plain }) =>
  [WORKFLOW, TOOL].some((words) => words.test(plain)) &&
  /^(?:please )?(?:(?:don't|do not|never) .{3,60}[,;] (?:but )?always |always .{3,60}[,;] (?:but )?never )/u.test(
    opened(plain),
  )
    ? { confidence: 0.85 }
    : undefined;

/** "Before you touch terraform ask me, every time"; "don't ask for permission to run tests". */
const saysWhenToAsk: WishRule = ({ plain }) => {
  const rest = opened(plain);
  const asks =
    /\b(?:ask|check with|confirm with) me\b/u.test(rest) &&
    (LASTING.test(rest) || /\b(?:every|each) time\b/u.test(rest));
  const waives =
    /^(?:don't|do not|no need to|you don't need to) (?:ask (?:me )?(?:for (?:permission|confirmation|approval)|every time|each time)|(?:apologi[sz]e|summari[sz]e|explain|repeat|thank me|praise).* (?:every|each) time)\b/u;
  return asks || waives.test(rest) ? { confidence: 0.85 } : undefined;
};

const KIND = String.raw`(?:public |exported |api |db |database |react |cli )?(?:endpoints?|routes?|components?|modules?|services?|packages?|tables?|functions?|methods?|class(?:es)?|features?|commands?|env(?:ironment)? vars?|config(?:uration)? (?:keys?|options?)|feature flags?|migrations?|jobs?|dependenc(?:y|ies)|workflows?|scripts?|code|files?|tests?)`;

/** "Every new endpoint needs an entry in openapi.yaml": about what is yet to be written. */
const rulesOnWhatIsNew = asksFor(
  0.8,
  new RegExp(
    String.raw`^(?:every|each|any|all) (?:new ${KIND}|single new ${KIND}) (?:must|needs?|has to|have to|should|gets?|goes|go|requires?)\b`,
    'u',
  ),
  {
    unless: new RegExp(
      String.raw`\b(?:must|should|has to|have to|needs to) (?:return|show|display|render|send|redirect|accept|respond)\b`,
      'u',
    ),
    waives: ['isNarrow'],
  },
);

/** "This project targets Python 3.8, so no match statements": a lasting fact and what follows from it. */
const drawsRuleFromFact: WishRule = ({ plain }) => {
  const rest = opened(plain).replace(/^(?:wrong|no+|nope|again|i (?:already )?told you(?: before)?)[\s,.:;!]+/u, '');
  const form = new RegExp(
    String.raw`^(?:this ${WHOLE} (?:targets|supports|requires|runs on|is (?:a|an|written|on)|uses|has)|i(?:'m| am) (?:always )?(?:on|using) (?:windows|mac|macos|linux|wsl|a mac|powershell|fish|nixos|ubuntu|arch)|(?:the )?ci(?: runners?)? (?:has|have|runs?)|we (?:only )?(?:support|target|have to support)) .{2,80}?[,;]? so (?:please )?(?:no|never|always|(?:don't|do not) (?:use|give|suggest|write|add|rely|show)|only|avoid|use|tests must|code must|you must) `,
    'u',
  );
  return form.test(rest) ? { confidence: 0.85, waives: ['isNarrow'] } : undefined;
};

/** What is told for later sessions in so many words. */
const tellsForLater: WishRule = ({ plain }) => {
  const fact =
    /^(?:so )?(?:(?:that )?you know,? )?(?:for (?:the )?(?:next time|next sessions?|later|future|future sessions?))[:,] (.{8,})$/u.exec(
      opened(plain),
    )?.[1];
  return fact !== undefined && [WORKFLOW, TOOL].some((words) => words.test(fact)) && !/^i(?:'ll)? /u.test(fact)
    ? { confidence: 0.9 }
    : undefined;
};

const SCOPE_CJK =
  /以后|今后|从现在|每次|每个|所有|任何|凡是|一律|统一|(?:我们|咱们|本|这个|整个)(?:的|这个)?(?:项目|仓库|代码库|团队|公司)|我们(?:这边|这里)/u;
const NORM_CJK =
  /一律|统一|必须|务必|都(?:要|得|用|走|是|放|写)|只(?:能|用|跑|写)|不(?:能|允许|许|准)|禁止|不要|别|始终|永远/u;
const WORK_CJK =
  /(?<!重复|表单)提交|分支|仓库|代码(?!逻辑)|测试|单测|注释|合并|推送|发布|部署|依赖|命名|变量名|迁移|文档|评审|新接口|新功能|commit|push|merge|\bpr\b|main|master|lint|clippy|格式化|密钥/u;
const RULING_CJK = /(?:我们|咱们|团队|项目|仓库|公司)(?:的|里|内|这边)?(?:规定|约定|规范是|惯例)/u;
/** One piece of work: something is turned into something else, or what is there is looked at. */
const TASK_CJK =
  /^(?:请|帮我|先|麻烦)*(?:把|将|给)|(?:改|换|替换|翻译|升级|迁移|重命名)(?:成|为|到)|^(?:请|帮我|先|麻烦)*(?:检查|看看|看一下|重构|修复|删除|实现|补)|报错|失败|出错|超时|崩溃|为空|通过|一遍$|[，,]请(?:重|改|修|补|检查|看|帮)|吗|(?<!(?:别|不要).{0,20})了$|能不能|可不可以|是不是|要不要|怎么|为什么|都会/u;

/** "注释一律用英文写": a scope, a norm, and the work as its subject, in any order. */
const saysNormInChinese: WishRule = ({ plain }) => {
  if (RULING_CJK.test(plain) && NORM_CJK.test(plain) && !TASK_CJK.test(plain)) return { confidence: 0.85 };
  if (/^(?:以后(?!端|台)|今后).*(?:都要|不要|必须|一律|统一)/u.test(opened(plain)) && !TASK_CJK.test(plain))
    return { confidence: 0.85 };
  const about = [WORK_CJK, PERSONAL_CJK, TOOL].some((words) => words.test(plain));
  const standing = SCOPE_CJK.test(plain) && NORM_CJK.test(plain);
  return standing && about && !TASK_CJK.test(plain.replace(/[。.!！]+$/u, '')) ? { confidence: 0.85 } : undefined;
};

const setsLanguageInJapanese: WishRule = ({ plain }) =>
  /^(?:.{0,12}[、,])?(?:返信|返答|回答|返事|会話|説明|やりとり)は(?:すべて|全て|必ず|常に)?(?:日本語|英語|中国語)で/u.test(
    plain,
  )
    ? { confidence: 0.9 }
    : undefined;

/** Rules that need no set phrase: a norm, and a sign of how far and how long it holds. */
export const standingRules = {
  namesHabitAndPlace,
  saysWhatGoesWhere,
  saysWhatIsNotDoneHere,
  namesWhatHoldsFromNowOn,
  usesHereNot,
  contrastsNeverAndAlways,
  saysWhenToAsk,
  rulesOnWhatIsNew,
  drawsRuleFromFact,
  tellsForLater,
  saysNormInChinese,
  setsLanguageInJapanese,
} satisfies Record<string, WishRule>;
