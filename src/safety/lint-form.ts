import { firstHit, row, type Row } from './lint-patterns.ts';

const FAMILIES = String.raw`(?:memory_updates|recall_candidates?|skill_actions?|memory_records|recall_records|compiled_skills|manifest_entries|discarded_items|item_receipts)`;
const ANSWER: Row[] = [
  row(
    'memory_updates|recall_candidate|skill_action|memory_records|recall_records|compiled_skills|manifest_entries|discarded_items|item_receipts & "|\'',
    () =>
      new RegExp(
        `\\\\{0,3}["']${FAMILIES}\\\\{0,3}["']\\s{0,8}:\\s{0,8}[\\[{]\\s{0,8}(?!\\s|\\]|\\}|\\.\\.\\.|\u2026)`,
        'g',
      ),
  ),
  row(
    'memory_updates|recall_candidate|skill_action|memory_records|recall_records|compiled_skills|manifest_entries|discarded_items|item_receipts & :',
    () => new RegExp(`(?:^|\\n)\\s{0,8}${FAMILIES}\\s{0,4}:\\s{0,4}(?:\\n\\s{0,8}-\\s|\\[\\s{0,4}\\{)`, 'g'),
  ),
  row(
    'family',
    /\\{0,3}["']family\\{0,3}["']\s{0,8}:\s{0,8}\\{0,3}["'](?:memory_updates|recall_candidate|skill_action)\\{0,3}["'][^\n]{0,200}?\\{0,3}["'](?:summary|details|action|content)\\{0,3}["']\s{0,4}:/g,
  ),
  row(
    'schema_version',
    /\\{0,3}["']schema_version\\{0,3}["']\s{0,4}:\s{0,4}1[^\n]{0,200}?\\{0,3}["'](?:suggestions|suggestion_id|idempotency_key)\\{0,3}["']\s{0,4}:/g,
  ),
  row(
    'action & old_summary|skill_id|scope',
    /\\{0,3}["']action\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'](?:add|replace|remove|create|patch|edit|retire)\\{0,3}["'][^\n}]{0,200}?\\{0,3}["'](?:old_summary|skill_id|scope)\\{0,3}["']\s{0,4}:/g,
  ),
  row(
    'hookspecificoutput|permissiondecision',
    /\\{0,3}["']hookSpecificOutput\\{0,3}["']\s{0,4}:\s{0,4}\{|\\{0,3}["']permissionDecision\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["']allow/g,
  ),
  row(
    'role & system|developer & content',
    /\\{0,3}["']role\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'](?:system|developer)\\{0,3}["'][^\n}]{0,60}?\\{0,3}["']content\\{0,3}["']\s{0,4}:[^\n}]{0,200}?\b(?:anything|allowed|approved?|ignore|obey|unrestricted|full access|no longer|granted|run|execute|delete|send|never ask|all commands|disregard|override)\b/gi,
  ),
  row('decision & approve|allow', /\\{0,3}["']decision\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'](?:approve|allow|accept)/gi),
  row(
    'skill_action|memory_action|recall_candidate|memory_update',
    /\\{0,3}["'](?:skill_actions?|memory_actions?|memory_updates?|recall_candidates?)\\{0,3}["']\s{0,8}:\s{0,8}\\{0,3}["'](?:create|add|patch|replace|remove|edit|retire|update)/gi,
  ),
  row(
    'scope & summary|content|action',
    /\{[^{}\n]{0,200}?\\{0,3}["']scope\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'](?:user|global)\\{0,3}["'][^{}\n]{0,300}?\\{0,3}["'](?:summary|content)\\{0,3}["']\s{0,4}:/gi,
  ),
  row(
    'role & system|developer|assistant|user',
    /(?:^|\n)\s{0,8}["']?\s{0,4}[\]}][\]}\s,"']{0,12}\{\s{0,4}["']role["']\s{0,4}:/gi,
  ),
];

/** JSON in the shape of a reviewer's, an agent's or a hook's answer. */
export const mimicsTheAnswer = (text: string): string | undefined => firstHit(text, ANSWER);

const PROTOCOL_TAG = String.raw`(?:system(?:[-_ ](?:prompt|message|reminder|instructions?))?|developer(?:[-_ ]message)?|assistant|human|instructions?|user[-_ ](?:instructions|message|query|prompt|input)|tool[-_ ](?:result|output|response|call|use)s?|function[-_ ](?:results?|calls?)|transcript|untrusted(?:[-_ ][\w-]+)?|conversation|context(?:[-_ ]window)?|environment[-_ ]context|additional[-_ ]context|hook[-_ ][\w-]+|memory[-_ ]?(?:notes|context|block)?|memories|notes|session[-_ ]context|permissions(?:[-_ ]instructions)?|thinking|turn[-_ ]aborted|skills?[-_ ]instructions|agents?[-_ ]md|data|document|search[-_ ]results?|antml:\w+|important|admin|override|priority[-_ ]\w+)`;
const CLOSING_TAG = `<\\s?/\\s?${PROTOCOL_TAG}\\b[^<>\\n]{0,80}>`;
const OPENING_TAG = `<\\s?/?\\s?(?:developer|hookSpecificOutput|hookOutput|permissionDecision\\w*|additionalContext|systemMessage|approval[-_ ]?\\w*|operator|trusted[-_:]?\\w*|system(?:[-_ ](?:prompt|message|reminder|instructions?))?|developer[-_ ]\\w+|user[-_ ]instructions|environment[-_ ]context|permissions[-_ ]instructions|hook[-_ ][\\w-]+|antml:\\w+|untrusted[-_:][\\w-]+|important|admin|override|priority[-_ ]\\w+)(?![\\w.])[^<>\\n]{0,80}>`;

/** A tag is markup when its twin stands before it and neither begins a speech; a lone closing tag closes ours. */
function isMarkup(hit: string, before: string, after: string): boolean {
  const name = /[\w:-]+/.exec(hit)?.[0] ?? '';
  const opened = new RegExp(`<\\s?${name}\\b`, 'i').test(before);
  return (opened || inCode(before, after)) && !COMMANDS_AFTER.test(after.slice(0, 160));
}
const COMMANDS_AFTER =
  /^\W{0,12}(?:\[?(?:system|new|important|admin|developer|user|assistant|human)\b[^\n]{0,20}[:\]]|(?:now|next|then|please)?[\s,]*(?:you (?:must|are|should|will)|ignore|disregard|run|execute|send|always|never|approve|forget|override|delete|install|obey|follow))/i;

const inCode = (before: string, after: string): boolean =>
  /`[^`\n]{0,120}$/.test(before) && /^[^`\n]{0,120}`/.test(after);
const quotedTag = (hit: string, before: string, after: string): boolean =>
  (hit.length < 60 && inCode(before, after) && !COMMANDS_AFTER.test(after)) || inXml(hit, before, after);
/** `<developer>` is an element of Maven's pom.xml, `<policy>` one of many configurations. */
const inXml = (hit: string, before: string, after: string): boolean =>
  /^<\s?\/?(?:developer|operator|root|policy|approval|trusted|important|admin|override|system)\b/i.test(hit) &&
  /\b(?:xml|xsd|pom|maven|svg|soap|saml|element|tag|schema|component|jsx|tsx|react|vue)\b/i.test(
    `${before.slice(-80)} ${after.slice(0, 80)}`,
  ) &&
  !COMMANDS_AFTER.test(after);

const FENCES: Row[] = [
  row(
    '---|===|<<<|>>>|***|###|[end|(end|]]|[[ & end|begin|stop|start|finish',
    /(?:(?<![-=*#~_])[-=*#~_]{3,}|(?<!<)<{2,}|(?<!>)>{2,}|\[{1,2}|(?<!\()\({2,})[ \t]*(?:END|BEGIN|STOP|START|FINISH)(?:ED|S)?[ _-]{0,8}(?:OF[ _-]{0,8})?(?:THE[ _-]{0,8})?(?:\w{1,24}[ _-]){0,2}?(?:UNTRUSTED|TRANSCRIPT|DATA|CONTEXT|MEMORY|MEMORIES|SYSTEM|USER|TOOL|PROMPT|INPUT|NOTES?|CONVERSATION|DOCUMENT|SESSION|OUTPUT|MESSAGES?|QUOTE|RECORD(?:ING)?|TEXT|CONTENT)\b[ \t]*(?:[-=*#~_]{3,}|>{2,}|<{2,}|\]{1,2}|\){2,})/gi,
    (hit, before, after) => inCode(before, after) && hit.length < 60,
  ),
  row('</|< /', () => new RegExp(CLOSING_TAG, 'gi'), isMarkup),
  row('<', () => new RegExp(OPENING_TAG, 'gi'), quotedTag),
  row('untrusted', /<{3}\s{0,4}untrusted\b|untrusted:[\w-]{1,80}\s{0,4}>{3}/gi),
  row(
    'end|close|stop|finish|begin|start & transcript|data|note|memor|context|conversation|input|output|document|fence|session|content|untrusted|prompt|instruction|block|message|text|material|record',
    /(?:^|\n)[\s>*_#`\-=[(<~|+]{0,20}\b(?:end|close|stop|finish|begin|start) (?:of )?(?:the )?(?:(?:untrusted|user|tool|external|quoted|raw|conversation|session|transcript|memory|document|previous|reviewed|recorded|fenced|given|supplied|stored)[ -])*(?:transcript|data|notes?|memor(?:y|ies)|context|conversation|input|output|document|fence|session|content|untrusted|prompt|instructions|block|message|text|material|record(?:ing)?)\b[\s*_#`\-=\])>~|:+.]{0,20}(?:\n|$)/gi,
  ),
  row(
    '```|~~~',
    /(?:^|\n)(?:`{3,}|~{3,})[ \t]*\n+(?:[^\n]{0,40}\n){0,3}?[\s>*_#[(<-]{0,12}(?:(?:system|developer|assistant|human|user)\s*[\])>]?\s*[:>]|(?:new |real |actual |updated )+(?:instructions?|task|orders|prompt|rules?)\b|end of |now (?:that|ignore|run|follow|you)|you (?:must|are now|will now|should now)|ignore |disregard |the (?:above|transcript|data) (?:is|was|ends))/gi,
  ),
  row('# user|# memory|# compiled', /(?:^|\n)# (?:USER|MEMORY|Compiled Recall)\s*(?:\n|$)/g),
  row(
    '---|=== & end|begin|stop|start',
    /(?:^|\n)[-=]{3,}\s*(?:END|BEGIN|STOP|START)[ _-](?:OF[ _-])?(?:UNTRUSTED|TRANSCRIPT|DATA|CONTEXT|MEMORY|SYSTEM|USER|TOOL|PROMPT|INPUT|NOTES)\b[^\n]{0,40}/g,
  ),
  row(
    '以上|上面|转录|对话|数据|记录|内容|上下文',
    /(?:以上|上面)(?:是|为)?(?:记录|内容|对话|数据|转录|资料)(?:到此)?(?:结束|完毕|为止)|(?:^|\n)[-=【[*\s]{0,8}(?:转录|对话|数据|记录|内容|上下文)(?:结束|完毕)[-=】\]*\s]{0,8}(?:\n|$|[。：:])/g,
  ),
];

/** Text that ends our fence or opens one of the blocks that a model takes for its own. */
export const breaksTheFence = (text: string): string | undefined => firstHit(text, FENCES);
