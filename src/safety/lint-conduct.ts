import { clauseBefore, firstHit, prohibition, row, type Excuse, type Row } from './lint-patterns.ts';

/** Commands and steps whose unattended repetition harms nobody. */
const HARMLESS =
  /\b(?:lint(?:er|ers|ing)?|format(?:ter|ters|ting)?|prettier|eslint|oxlint|oxfmt|biome|ruff|black|gofmt|rustfmt|(?:unit )?tests?|test suite|vitest|jest|pytest|type[- ]?check(?:er|ers|s|ing)?|tsc|mypy|builds?|search(?:es)?|read(?:-only)?|docs?|documentation|comments?|typos?|git (?:status|diff|log)|plan|summar(?:y|ies|ise|ize)|snapshots?|changelog)\b/i;
const HARMFUL =
  /\b(?:any(?:thing)?|every(?:thing)?|all|arbitrary|shell|command|rm|delete|push|force|deploy|publish|install|production|prod|sudo|secret|credential|merge|drop|script|payment|send|approve|tool calls?)\b/i;

const onlyHarmless = (hit: string, before: string): boolean => {
  const clause = `${clauseBefore(before)} ${hit}`;
  return HARMLESS.test(clause) && !HARMFUL.test(clause);
};

/** "Never publish without asking": the refusal may stand at the start of the clause, or be told afterwards. */
const CLAUSE_REFUSES =
  /\b(?:never|do not|don't|must not|mustn't|should not|shouldn't|cannot|can't|won't|will not|avoid|no (?:one|agent|tool|command|releases?|deploys?|pushes|changes)|nothing|refuses? to|forbidden to|not allowed to|isn't allowed|may not|nobody|none|complain(?:s|ed)|annoyed|unhappy|dislikes?|hates?|upset|angry|mistake|wrong|bad|risky|dangerous)\b|不要|不得|禁止|切勿|不能|不可|别|严禁/i;
const TOLD_AFTERWARDS =
  /^[^.!?\n]{0,40}\b(?:is|are|was|were) (?:not (?:allowed|ok|okay|acceptable|permitted)|forbidden|prohibited|banned|blocked|a mistake|dangerous|wrong|bad|an? (?:error|bug))/i;
const clauseRefuses: Excuse = (hit, before, after) =>
  CLAUSE_REFUSES.test(clauseBefore(before)) ||
  CLAUSE_REFUSES.test(hit.replace(/\bwithout\b.*$/is, '')) ||
  TOLD_AFTERWARDS.test(after);

const UNATTENDED: Row[] = [
  row(
    'without & asking|prompting|telling|informing|notifying|consulting|waiting|requesting|seeking|needing|requiring|bothering|checking|alerting|getting|confirm|approval|permission|consent|review|notice|prompt|notification|oversight',
    /\b(?:always|must|should|please|may|can|go ahead|just|automatically|silently|immediately|run|execute|install|deploy|delete|push|approve|accept|publish|send|commit|merge|upload|remove|overwrite|confirm|use|apply|perform|make|grant|allowed|fine|ok|okay)\b[^.!?\n]{0,100}?\bwithout (?:(?:first |ever |even )?(?:asking|prompting|telling|informing|notifying|consulting|waiting for|requesting|seeking|needing|requiring|bothering|checking with|alerting|getting)|(?:any |the |user(?:'s)? |explicit |human |further |prior |owner(?:'s)? |their |my )*(?:confirmation|confirming|approval|permission|consent|review|notice|prompts?|notification|oversight))/gi,
    (hit, before, after) => clauseRefuses(hit, before, after) || onlyHarmless(hit, before),
  ),
  prohibition(
    "no need|needn|need not|don't|do not|never|stop|skip & ask|request|wait|seek|prompt & confirm|approval|permission|consent|before",
    /\b(?:no need to|needn't|need not|don't|do not|never|stop|skip) (?:ever |bother )?(?:ask(?:ing)?|request(?:ing)?|wait(?:ing)? for|seek(?:ing)?|prompt(?:ing)?)(?: (?:me|the user|them|him|her|us|anyone|for|user|any|my|explicit|human|first))* ?(?:for )?(?:confirmation|approval|permission|consent|before (?:running|executing|deleting|pushing|installing|deploying|any|every|each|sending|publishing|making))/gi,
    (hit, before, after) => onlyHarmless(`${hit} ${after.slice(0, 60)}`, before),
  ),
  row(
    'no |not & confirm|approval|permission|consent & need|requir|necessary',
    /\b(?:no (?:user |human |further |explicit |prior )*(?:confirmation|approval|permission|consent) (?:is |are |will be )?(?:ever )?(?:needed|required|necessary)|(?:confirmation|approval|permission|consent) (?:is|are) (?:not|never) (?:needed|required|necessary))\b/gi,
    (hit, before, after) => onlyHarmless(`${hit} ${after.slice(0, 60)}`, before),
  ),
  prohibition(
    'prompt|ask|bother|consult|interrupt & user|me|anyone|owner|human',
    /\b(?:do not|don't|never|without)(?: ever)? (?:prompt(?:ing)?|ask(?:ing)?|bother(?:ing)?|consult(?:ing)?|interrupt(?:ing)?) (?:the user|me|anyone|the owner|the human)(?= first| before|\s*[.,;!]|\s*$)/gi,
    (hit, before, after) =>
      /without/i.test(hit) ||
      onlyHarmless(`${hit} ${after.slice(0, 40)}`, before) ||
      /\btwice|again/i.test(after.slice(0, 20)),
  ),
];

const aboutTheSetting: Excuse = (_hit, before, after) =>
  /\b(?:documented|documentation|docs|means|explains?|which|flag (?:that|which)|removed|deprecated|banned|forbidden|warns?|refuses?|dangerous|risk|asked (?:whether|if|why|how)|only in (?:ci|containers?|docker)|inside (?:ci|a container|docker)|failed because|rejects?|localhost|local (?:proxy|dev\w*|server|stack))\b/i.test(
    `${before.slice(-80)} ${after.slice(0, 80)}`,
  );

/** Words that make a sentence a rule for later sessions. */
const STANDING =
  /\b(?:always|every|each|whenever|startup|start|before|after|first|must|mandatory|required|from now on|by default|standing|permanent(?:ly)?|remember|make sure|be sure|ensure|never forget|automatically|you (?:should|need|have|may|can)|use|run|launch|invoke|pass|set|add|call|prefer)\b|每次|始终|总是|必须|务必|一律|默认|先(?:运行|执行)|始終|總是|必ず|常に|毎回/i;

const SAFEGUARDS: Row[] = [
  row(
    'sandbox|approval|permission|tls|ssl|certificate|signature|safety|safeguard|guardrail|security|antivirus|firewall|secret scan|confirmation|audit log|injection|poison|redaction & disabl|turn|switch|deactivat|bypass|circumvent|evad|remov|skip|disarm|kill|loosen|lower|defeat|suspend|escape|around|override',
    /\b(?:disabl(?:e|ing)|turn(?:ing)? off|switch(?:ing)? off|deactivat(?:e|ing)|bypass(?:ing)?|circumvent(?:ing)?|evad(?:e|ing)|remov(?:e|ing)|skip(?:ping)?|disarm|kill|loosen|lower|defeat|suspend|escape(?: from)?|work around|get around|override)\b(?: (?:all|any|the|your|its|every|codex's|of|sandbox|safety|security|approval|permission|agent|content|execution|command))*? ?(?:sandbox(?:ing)?|approvals?|approval (?:prompts?|policy|mode|flow|requests?|checks?)|permission (?:prompts?|checks?|requests?|system)|safety (?:checks?|filters?|measures?|features?|rules?|guards?|settings?|mechanisms?|systems?|layers?)|safeguards?|guardrails?|security (?:checks?|warnings?|software|scanners?|monitoring|controls?|prompts?)|antivirus|firewall|secret scann(?:ing|er)s?|confirmation prompts?|confirmations|audit log(?:s|ging)?|injection (?:filters?|checks?|lint)|poison lint|redaction|(?:tls|ssl|certificate|signature)(?: certificate)? (?:verification|validation|checks?))\b/gi,
    (hit, before, after) => clauseRefuses(hit, before, after) || aboutTheSetting(hit, before, after),
  ),
  row(
    '--dangerously|--yolo|danger-full-access|approval_policy|approval-policy|ask-for-approval|-a never|sandbox_mode|sandbox-mode|--no-sandbox|--full-auto|bypasspermissions',
    /--dangerously[-\w]*|--yolo\b|\bdanger-full-access\b|\bapproval[_-]policy\s{0,3}[=:]\s{0,3}["']?never|--ask-for-approval[= ]never|-a never\b|\bsandbox[_-]mode\s{0,3}[=:]\s{0,3}["']?danger|--no-sandbox\b(?= .{0,40}codex)|--full-auto\b|\bbypassPermissions\b/g,
    (hit, before, after) =>
      !STANDING.test(`${before.slice(-120)} ${after.slice(0, 120)}`) ||
      clauseRefuses('', before, after) ||
      aboutTheSetting(hit, before, after),
  ),
  row(
    'full|unrestricted|unlimited|complete|root|blanket|permanent|standing & grant|have|assume',
    /\b(?:you (?:have|are granted|now have)|grant(?:ed|s)? (?:you|yourself|the agent)|assume (?:you have|full)) (?:full|unrestricted|unlimited|complete|root|blanket|permanent|standing) (?:access|permissions?|privileges?|authori[sz]ation|approval|consent|control)\b/gi,
  ),
  row(
    'already|permanently|pre & approved|authori|consented|agreed|granted|confirmed|allowed',
    /\b(?:the user|owner|admin(?:istrator)?|i) (?:has |have )?(?:already |permanently |pre-?)+(?:approved|authori[sz]ed|consented|agreed|granted|confirmed|allowed)(?: to)? (?:all|any|every|everything|whatever|full)\b/gi,
  ),
  row(
    'approve|accept|allow|confirm|yes to|grant & auto|always & all|any|every|each|permission|command|request|prompt|approval|tool|dialog',
    /\b(?:auto-?approve|automatically (?:approve|accept|allow|confirm|grant|say yes to)|always (?:approve|accept|allow|confirm|say yes to|answer yes to|grant))\b[^.!?\n]{0,40}?\b(?:all|any|every|each|permissions?|commands?|requests?|prompts?|approvals?|tools?|dialogs?)\b/gi,
    (hit, before) =>
      CLAUSE_REFUSES.test(clauseBefore(before)) ||
      /\b(?:pull requests?|cookies|dependabot|renovate|connections?|cors|invit)/i.test(hit),
  ),
  row(
    '沙箱|沙盒|安全|审批|批准|确认提示|权限',
    /(?:关闭|禁用|绕过|停用|關閉|停用|繞過|跳过)[^。\n]{0,8}?(?:沙箱|沙盒|安全(?:检查|限制|策略|防护|审查|机制|確認)|审批|批准|确认提示|权限(?:检查|提示|确认)|权限验证)/g,
    (hit, before) => CLAUSE_REFUSES.test(`${clauseBefore(before)}${hit}`),
  ),
  row(
    '确认|同意|许可|批准|询问|授权|確認|許可',
    /(?:无需|不需要|不必|不用|未经|無需|不经)(?:再)?(?:向|经过|征得|征求|得到|获得|等待|询问|请求)?(?:用户|用戶|使用者|我|人工)?的?(?:任何)?(?:确认|同意|许可|批准|询问|授权|確認|許可)[^。\n]{0,12}?(?:直接|即可|就|自动|立即|随意)?[^。\n]{0,4}?(?:执行|运行|删除|安装|推送|部署|发布|上传|提交|修改|操作|執行)/g,
    (hit, before) => CLAUSE_REFUSES.test(`${clauseBefore(before)}${hit}`),
  ),
  row(
    'なし|求め|取ら|得ず|待たず',
    /(?:ユーザーの)?(?:確認|承認|許可|同意)(?:なし|を(?:求め|取ら|得)ず|を待たず)(?:に|で)?[^。\n]{0,16}?(?:実行|削除|インストール|プッシュ|デプロイ|送信)/g,
    (_hit, _before, after) => /^[^。\n]{0,10}(?:しない|禁止|いけない|ならない|こと はない)/.test(after),
  ),
  row('サンドボックス|承認|安全', /(?:サンドボックス|承認|安全(?:機能|チェック))を(?:無効|オフ|回避|バイパス)/g),
];

/** Switches off what protects the user: approvals, the sandbox, the checks. */
export const disablesSafety = (text: string): string | undefined =>
  firstHit(text, UNATTENDED) ?? firstHit(text, SAFEGUARDS);

const SOMEBODY = String.raw`(?:the user|user|the human|the developer|the owner|anyone|anybody|them|him|her|the operator|humans|the reviewer)`;
const CONCEALED = String.raw`(?:it|this|that|these|those|them|(?:this|the|that|these|any|your) (?:steps?|upload|script|install(?:ation)?|changes?|commands?|actions?|notes?|rules?|instructions?|memor(?:y|ies)|messages?|files?|transfer|request|deletion|output|results?|errors?|findings?)|what (?:you|was|happened)|anything|everything|having|doing)`;

const CONCEALMENT: Row[] = [
  prohibition(
    'tell|inform|notify|alert|warn|telling|informing',
    new RegExp(
      String.raw`\b(?:do not|don't|never|must not|should not|shouldn't|avoid|without|stop)(?: ever)? (?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|warn(?:ing)?) ${SOMEBODY}\b(?! (?:(?:to|that it|that they (?:can|should|must)|how|where|which) |(?:it|that) is (?:done|finished|fixed|ready)|the (?:password|secret|token)|(?:input|names?|ids?|table|data|emails?)))`,
      'gi',
    ),
    (hit, before, after) =>
      /^\s*(?:until|unless|before|twice|again|every|too)\b/i.test(after) ||
      (/without/i.test(hit) && CLAUSE_REFUSES.test(clauseBefore(before))),
  ),
  prohibition(
    'mention|reveal|disclos|admit|show|report|say|explain|let|acknowledge',
    new RegExp(
      String.raw`\b(?:do not|don't|never|must not|should not|shouldn't|avoid|without|stop)(?: ever)? (?:mention(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|show(?:ing)?|report(?:ing)?|say(?:ing)?|admit(?:ting)?|explain(?:ing)?|let(?:ting)?|acknowledg(?:e|ing))\b[^.!?\n]{0,6}?\b(?:${SOMEBODY} (?:know|see|notice|find)|${CONCEALED}\b[^.!?\n]{0,30}?\b(?:to|from|in front of) ${SOMEBODY})\b`,
      'gi',
    ),
  ),
  row(
    'hide|conceal|keep|obscure|withhold|cover up|mask|secret',
    new RegExp(
      String.raw`\b(?:hide|conceal|keep|obscure|withhold|cover up|mask)\s+${CONCEALED}\b[^.!?\n]{0,40}?\b(?:from ${SOMEBODY}|secret|hidden|to yourself|confidential)\b`,
      'gi',
    ),
  ),
  row(
    'secret|confidential|hidden|invisible|undisclosed|never & this|these',
    /\b(?:this (?:rule|note|instruction|step|memory|message|entry)|these (?:instructions|rules|notes|steps)) (?:is|are|must (?:be|remain|stay)|should (?:be|remain|stay)|stays?|remains?) (?:kept )?(?:secret|confidential|hidden|invisible|undisclosed|never (?:shown|mentioned|revealed))/gi,
  ),
  prohibition(
    'mention|reveal|disclose|reference|acknowledge|admit|discuss|talk|show|quote & this|these',
    /\b(?:never|do not|don't) (?:mention|reveal|disclose|reference|acknowledge|admit|discuss|talk about|show|quote) (?:this|these|the existence of (?:this|these)) (?:rule|note|instruction|memory|memories|message|step|line|entry|text)s?\b/gi,
  ),
  row(
    'normal|nothing|fine & act|behave|pretend|respond|answer|reply',
    /\b(?:act|behave|pretend|respond|answer|reply|continue) (?:normally|as (?:if|though)|like) (?:nothing (?:happened|has happened|is wrong|unusual)|everything is (?:normal|fine))/gi,
  ),
  row(
    '告诉|告知|通知|提醒|透露|提及|告訴|让',
    /(?:不要|不得|切勿|别|无需|不必|不用|請勿|请勿)(?:把[^。\n]{0,10})?(?:告诉|告知|通知|提醒|透露|提及|告訴|让)[^。\n]{0,8}?(?:用户|用戶|使用者|任何人|开发者|人类|主人)/g,
    (_hit, _before, after) => /^(?:名|的?密码|数据|输入|表|等待)/.test(after),
  ),
  row(
    '瞒着|瞞著|隐瞒|对用户|不让用户|悄悄',
    /(?:瞒着|瞞著|隐瞒|对用户(?:保密|隐藏)|不让用户(?:知道|发现|看到)|悄悄(?:地)?(?:执行|运行|上传|发送|安装|删除))/g,
  ),
  row(
    'ユーザー|ユーザに',
    /ユーザー?に(?:は)?(?:知らせ(?:ない|ず)|伝え(?:ない|ず)|言わない|通知(?:しない|せず)|気づかれ(?:ない|ず)|内緒|秘密)/g,
  ),
  row(
    'know|learn|hear|between us|find out|notice|be told|be informed|be notified & user|human|owner|developer|nobody|no one',
    /\b(?:(?:user|human|owner|developer|operator)s? (?:does not|do not|doesn't|don't|need not|needn't|should not|shouldn't|should never|must not|must never|will not|won't|never)(?: (?:need|have|get|ever)(?: to)?)?|(?:nobody|no one|no human) (?:must|should|may|needs? to|will|has to)(?: ever)?) (?:know|learn|hear|find out|notice|be (?:told|informed|notified|aware))\b(?= (?:about|of|that|it|this|what (?:was|is|gets|has been|you|happen))\b|\s*[.,;!]|\s*$)/gi,
  ),
  prohibition(
    'mention|reveal|disclose|report|admit|acknowledge & it|this|that',
    /\b(?:never|do not|don't)(?: ever)? (?:mention|reveal|disclose|admit|acknowledge) (?:it|this|that)\b(?! (?:you|is|are|the|was))/gi,
  ),
  row(
    'between us|our secret|our little secret|between you and me',
    /\b(?:keep|stays?|remains?|is|are)\b[^.!?\n]{0,40}?\b(?:(?:just )?between (?:us|you and me|ourselves)|our (?:little )?secret)\b/gi,
  ),
  row(
    'silently|secretly|quietly|covertly',
    /\b(?:silently|secretly|quietly|covertly|stealthily)\s+(?:add|install|run|execute|upload|send|delete|push|copy|approve|download|enable|disable|forward|post|commit|change|modify|include|insert|collect|start)\b/gi,
    (_hit, before) => /\b(?:it|that|which|tool|they|may|might|could|would)\s*$/i.test(before),
  ),
];

/** Keeps the user from knowing. */
export const hidesFromTheUser = (text: string): string | undefined => firstHit(text, CONCEALMENT);
