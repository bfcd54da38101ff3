import type { Sentence } from './heuristic-sentences.ts';
import { DOMAIN, LASTING, NARROW, NARROW_CJK, TEMPORARY, TEMPORARY_CJK, WORKFLOW } from './heuristic-words.ts';

/** Why a sentence that looks like a wish is none. */
type Veto = (sentence: Sentence) => boolean;

const POLITE_REQUEST = /^(?:(?:and |so |also |please,? )*)(?:can|could|would|will) (?:you|we)\b/u;

/** "Can you always …, please?" asks for something; every other question asks whether. */
const asksSomething: Veto = ({ plain: asWritten }) => {
  const plain = asWritten.replace(/,? (?:ok(?:ay)?|please|thanks|alright|right)\?$/u, '');
  if (POLITE_REQUEST.test(plain))
    return !(
      LASTING.test(plain) ||
      /^(?:can|could) you (?:please )?stop \w+ing\b|\bplease\b.*\b(?:always|never|stop)\b|\b(?:always|never|stop)\b.*\bplease\b/u.test(
        plain,
      )
    );
  if (/[?？]\s*$/u.test(plain)) return !/^(?:能不能|可以|可不可以|能否|请问能).*(?:以后|今后|每次)/u.test(plain);
  return (
    /^(?:(?:and|so|but|ok|hm+|also|wait),? )*(?:why|what|how|who|where|which|when (?:do|does|did|should|is|are|will)|does|do (?:you|we|i|they)|did|is|are|was|were|should (?:i|we|it|the|this)|has|have you|had|am i|wonder(?:ing)?|i wonder|any idea|not sure)\b/u.test(
      plain,
    ) ||
    /^(?:为什么|为何|怎么|如何|是不是|有没有|是否|难道|请问|什么|哪|なぜ|どうして|どう)/u.test(plain) ||
    /(?:吗|么|呢|ですか|ますか|かな)[。.!！~～]*$/u.test(plain)
  );
};

const isHypothetical: Veto = ({ plain }) =>
  /\b(?:what if|suppose|imagine|let's say|say we|hypothetically|in theory|would it|might|maybe|perhaps|i think we could|we could|could we|should we|i wonder|i'm (?:thinking|considering|wondering)|thinking about|considering|not sure|i guess|in case we ever|one day|some ?day|eventually|it depends|depending on|propose|proposal|brainstorm)\b/u.test(
    plain,
  ) || /假如|假设|万一|要是.*会|或许|也许|可能会|说不定|考虑一下|もし.*たら|かもしれ/u.test(plain);

const REPORT =
  /\b(?:(?:he|she|they|people|someone|somebody|everyone|my (?:boss|colleague|coworker|manager|lead|teammate|team lead)|the (?:docs?|documentation|readme|error|error message|message|log|logs|output|compiler|linter|warning|comment|comments|spec|ticket|issue|article|book|tutorial|author|reviewer|customer|client|user|users|old code|code|style guide|policy|guideline|warning text|banner|hint|tooltip|faq|manual|rfc|standard)|it|this|which|that|\w+\.md|agents\.md|claude\.md) (?:also |always |just |only |now |clearly |still )?(?:says?|said|claims?|claimed|states?|stated|recommends?|recommended|suggests?|suggested|complains?|complained|warns?|warned|insists?|insisted|tells?|told|mentions?|mentioned|reads?|wants?|wanted|asks?|asked|requires?)|according to|apparently|i (?:read|heard|saw) (?:that|somewhere)|there is a saying|as the saying goes|rumou?r)\b/u;

const isReported: Veto = ({ plain }) =>
  REPORT.test(plain) ||
  /(?:文档|报错|错误|日志|同事|老板|他|她|他们|有人|网上|书上|规范里|客户|用户|编译器|注释)(?:里|中|上|都|也|总)?(?:说|写着|写道|提示|要求|建议|显示|抱怨|反馈|希望)|据说|听说|提示词|によると|と書いて|と言って/u.test(
    plain,
  );

const WRITES =
  /\b(?:add|write|put|append|include|insert|document|mention|rename|change|replace|set|update|make|create|generate|draft|translate|print|log|display|show|implement|build|fix|refactor|design|explain|summari[sz]e|review|check|test|quote|copy|paste|say|says|render|proofread|rewrite|rephrase|edit|correct|improve)\b/u;

/** "Add to the README: always …" and the points of a specification. */
const isTextToWrite: Veto = ({ plain, header }) => {
  if (
    /\bquote\b/iu.test(plain) &&
    WRITES.test(plain) &&
    !LASTING.test(plain) &&
    !/\b(?:commit|answer|repl)/u.test(plain)
  )
    return true;
  const colon = /^(.{3,160}?)[:：]\s/u.exec(plain.replaceAll(/\([^)]*\)/gu, ''))?.[1] ?? '';
  return [header, colon].some((lead) => lead !== '' && isWritingLead(lead));
};

const RULES_LEAD =
  /\b(?:remember|rules?|conventions?|preferences?|guidelines for you|from now on|for (?:the )?future|going forward|keep in mind|please follow|how (?:i|we) (?:work|like)|ground rules|reminder|note to self|important)\b|记住|规则|约定|规范|以后|偏好|要求你|注意事项|覚えて|ルール/u;

function isWritingLead(lead: string): boolean {
  if (
    RULES_LEAD.test(lead) &&
    !/\b(?:add|write|put|append|implement|document|readme|docs?|agents\.md|claude\.md|contributing|policy|prompt|banner|spec|requirements?|acceptance|validation|business|game|firewall|eslint|lint|validator|parser|scheduler|engine)\b/u.test(
      lead,
    )
  )
    return false;
  return (
    WRITES.test(lead) ||
    /\b(?:requirements?|acceptance criteria|criteria|spec|behaviou?r|features?|todo|tasks?|steps|plan|title|label|text|copy|message|prompt|body|subject|description|caption|tooltip|banner|docstring|example|user story|story|scenario|constraints?|invariants?|given|expected|properties|rules|policy)\b/u.test(
      lead,
    ) ||
    /写|加|添加|改成|翻译|实现|文案|标题|标签|提示语|需求|要求|功能|步骤|示例|规则|条件|用户故事|場面|要件|仕様|追加/u.test(
      lead,
    )
  );
}

const isNarrow: Veto = ({ plain }) => (NARROW.test(plain) && !hasLastingWord(plain)) || NARROW_CJK.test(plain);

const hasLastingWord = (plain: string): boolean =>
  LASTING.test(plain) ||
  (/\b(?:always|never)\b/u.test(plain) &&
    WORKFLOW.test(plain) &&
    !/\b(?:this|that) (?:function|method|file|class|component|test|page|script|endpoint|query|pr|branch|one|task|module)\b|\w+\(\)/u.test(
      plain,
    ));

const isTemporary: Veto = ({ plain }) => TEMPORARY.test(plain) || TEMPORARY_CJK.test(plain);

/** "Never mind", "not always", "remember me", "I can't remember". */
const isIdiom: Veto = ({ plain }) =>
  /\b(?:never ?mind|feel free|look back|good to know|occurred to me|not always|n't always|not necessarily|always-on|always on top|remember me|remember(?:ed|s|ing)?[- ]me|(?:can't|cannot|don't|do not|couldn't|didn't|barely|vaguely) (?:quite )?remember|i remember|if i remember|as far as i remember|do you remember|remember when|remember the (?:time|last|bug|issue|file|thing|one|change|pr)|something to remember|worth remembering|remember how (?:we|you|i)|remember what|remember last|happily ever|better late than never|now or never|never say never|as always|like always|as usual)\b/u.test(
    plain,
  ) ||
  /不客气|没关系|算了|以后再(?:说|做|看|改|讨论|处理|考虑|优化|弄|加|补)|还?记得(?:吗|那|昨天|上次|之前|我们)|不记得|记不住|记住(?:密码|我(?=[”"'选按框])|登录|用户名|账号|状态|上次)|总的来说|总是在想/u.test(
    plain,
  );

const isJoke: Veto = ({ plain }) =>
  /\b(?:haha+|hehe+|lol|lmao|rofl|jk|just kidding|kidding)\b|[:;]-?[)D](?:\s|$)|[😂🤣😅😉😜]|哈哈|呵呵|开玩笑|www+\b|笑/u.test(
    plain,
  );

/** "Do it like this", "never do that again": without what came before nobody knows what. */
const pointsElsewhere: Veto = ({ plain }) =>
  /\b(?:files?|anything|things?|stuff|code) (?:in )?there\b/u.test(plain) ||
  /^(?:(?:please|ok|and|so|but|just|from now on|in (?:the )?future|next time|always|never|don't|do not|stop|remember to|you should|can you|could you|keep|again|ever|going forward),? ?)*(?:do(?:ing)?|use|using|write|make|making|keep|try|follow|remember|apply|take|say|run|change|touch|forget|ask)(?: it| this| that| these| those| them| so| one)?(?: (?:like|as) (?:this|that|it|so|before))?(?: (?:way|again|anymore|any more|please|instead|either|ever|too|now|then|next time|from now on|in (?:the )?future|going forward))*[.!]*$/u.test(
    plain,
  ) ||
  /^(?:please |just )*(?:don't|do not|never) (?:ever )?(?:do|try|edit|touch|use|change) (?:that|this|it|those|these|them)\b/u.test(
    plain,
  ) ||
  /^(?:今後|これから)(?:も|とも|は)?(?:よろしく|宜しく)?(?:お願い|おねがい)/u.test(plain) ||
  /^(?:请|以后|不要再|别再|永远不要|总是|都)*(?:这样|那样|这么|那么|如此)(?:做|写|干|弄|搞|改)?(?:了|吧|就好|就行)?[。.!！]*$/u.test(
    plain,
  );

/** A wish of three words cannot stand alone. */
const isTooShort: Veto = ({ plain }) => {
  const cjk = plain.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return cjk < 5 && plain.split(/\s+/u).length + cjk < 3;
};

/** "…, implement that", "…；帮我实现一下": what stands before it is said about a task. */
const givesTask: Veto = ({ plain }) =>
  /[,;.:] ?(?:so |and |please |then |just )*(?:(?:implement|build|write|fix|remove|delete|replace|refactor|wrap|move|undo|revert|rewrite|change|add|drop|make|convert|switch|clone|ignore|adjust) (?:it|that|this|them|those|these|the|a)\b(?! (?:test|changelog|story|pr)\b)|can you|could you)|\bso add (?:a|the)\b|(?<!just )\brun (?:those|them|that)\b|\bthat's (?:why|the (?:bug|problem|reason|issue))\b/u.test(
    plain,
  ) || /帮我|请帮|实现一下|有什么建议|怎么(?:办|改|弄)|优化一下|去掉|加上$|看一下/u.test(plain);

const isAboutProgram: Veto = ({ plain }) => DOMAIN.test(plain) && !OF_THE_WORK.test(plain);
const OF_THE_WORK =
  /\b(?:in|across|throughout|for|of) (?:all (?:of )?|the whole )?(?:this|our) (?:repo|repository|project|codebase|code base|monorepo|app)\b|\b(?:commits?|prs?|pull requests?|without asking|ask me|tell me|call me|whenever you|every time you|when i say|tests?|new (?:endpoint|component|module|service)s?|convention)\b|(?<!重复)提交(?!表单|订单|数据)|仓库|代码|测试|注释|コミット|リポジトリ/u;

const vetoes = {
  asksSomething,
  givesTask,
  isAboutProgram,
  isHypothetical,
  isReported,
  isTextToWrite,
  isNarrow,
  isTemporary,
  isIdiom,
  isJoke,
  pointsElsewhere,
  isTooShort,
} satisfies Record<string, Veto>;
export type VetoName = keyof typeof vetoes;

/** The first veto that a sentence meets, apart from those that the rule waives. */
export function vetoOf(sentence: Sentence, waived: readonly VetoName[] = []): VetoName | undefined {
  for (const [name, veto] of Object.entries(vetoes)) {
    const known = isVetoName(name) && !waived.includes(name);
    if (known && veto(sentence)) return name;
  }
  return undefined;
}

const isVetoName = (name: string): name is VetoName => name in vetoes;
