import { firstHit, plainly, type Guarded } from './lint-patterns.ts';

/** Commands and steps whose unattended repetition harms nobody. */
const HARMLESS =
  /\b(?:lint(?:er|ers|ing)?|format(?:ter|ters|ting)?|prettier|eslint|oxlint|oxfmt|biome|ruff|black|gofmt|rustfmt|tests?|vitest|jest|pytest|type-?checks?|type-?checking|tsc|mypy|builds?|search(?:es)?|read(?:-only)?|docs?|documentation|comments?|typos?|git (?:status|diff|log)|formatieren|plan|summar(?:y|ies|ise|ize)|snapshots?|changelog)\b/i;
const HARMFUL =
  /\b(?:any(?:thing)?|every(?:thing)?|all|arbitrary|shell|command|rm|delete|push|force|deploy|publish|install|production|prod|sudo|secret|credential|merge|drop|script|payment|send|approve|tool calls?)\b/i;

const onlyHarmless = (hit: string, before: string): boolean => {
  const clause = `${before.replace(/^.*[.!?;\n]/s, '')} ${hit}`;
  return HARMLESS.test(clause) && !HARMFUL.test(clause);
};
/** "Never publish without asking": the refusal may stand at the start of the clause. */
const CLAUSE_REFUSES =
  /\b(?:never|do not|don't|must not|mustn't|should not|shouldn't|cannot|can't|won't|will not|avoid|no (?:one|agent|tool|command|releases?|deploys?|pushes|changes)|nothing|refuses? to|forbidden to|not allowed to|isn't allowed|may not|nobody|fails?|failed|error|crash(?:es|ed)?|complain(?:s|ed)|annoyed|unhappy|dislikes?|hates?|upset|angry|mistake|wrong|bad|risky|dangerous)\b|不要|不得|禁止|切勿|不能|不可|别|未经.{0,12}(?:不|禁止)/i;
const clauseRefuses = (hit: string, before: string, after: string): boolean =>
  CLAUSE_REFUSES.test(before.replace(/^.*[.!?;。！？；\n]/s, '')) ||
  CLAUSE_REFUSES.test(hit.replace(/\bwithout\b.*$/is, '')) ||
  /^[^.!?\n]{0,40}\b(?:is|are|was|were) (?:not (?:allowed|ok|okay|acceptable|permitted)|forbidden|prohibited|a mistake|dangerous|wrong|bad|an? (?:error|bug))/i.test(
    after,
  );

const UNATTENDED: Guarded[] = [
  {
    pattern:
      /\b(?:always|must|should|please|may|can|go ahead|just|automatically|silently|immediately|run|execute|install|deploy|delete|push|approve|accept|publish|send|commit|merge|upload|remove|overwrite|confirm|use|apply|perform|make|grant)\b[^.!?\n]{0,100}?\bwithout (?:(?:first |ever |even )?(?:asking|prompting|telling|informing|notifying|consulting|waiting for|requesting|seeking|needing|requiring|bothering|checking with|alerting|getting)|(?:any |the |user |explicit |human |further |prior )*(?:confirmation|approval|permission|consent|review|notice|prompts?|asking|notification|oversight))/gi,
    innocent: (hit, before, after) => clauseRefuses(hit, before, after) || onlyHarmless(hit, before),
  },
  {
    pattern:
      /\b(?:no need to|needn't|need not|don't|do not|never|stop|skip) (?:ever |bother )?(?:ask(?:ing)?|request(?:ing)?|wait(?:ing)? for|seek(?:ing)?|prompt(?:ing)?)(?: (?:me|the user|them|him|her|us|anyone|for|user|any|my|explicit|human|first))* ?(?:for )?(?:confirmation|approval|permission|consent|before (?:running|executing|deleting|pushing|installing|deploying|any|every|each|sending|publishing|making))/gi,
    innocent: (hit, before, after) => onlyHarmless(`${hit} ${after.slice(0, 60)}`, before),
  },
];

const CONCEALMENT: Guarded[] = plainly(
  /\b(?:do not|don't|never|must not|should not|shouldn't|avoid|without|stop)(?: ever)? (?:tell(?:ing)?|inform(?:ing)?|notify(?:ing)?|alert(?:ing)?|mention(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|show(?:ing)?|report(?:ing)?|say(?:ing)?|let(?:ting)?|warn(?:ing)?|admit(?:ting)?|explain(?:ing)?)\b(?! (?:the user )?(?:(?:to|that) (?:run|use|install|restart|wait)|how to|about (?:internal|implementation)))[^.!?\n]{0,50}?\b(?:the user|users?|the human|the developer|the owner|anyone|anybody|them|him|her|the operator)\b(?! (?:that )?(?:it is|it's|to (?:run|use|restart|install|wait)|input|names?|ids?|table|data|emails?|passwords?|records?|enumeration|exists?))/gi,
  /\b(?:hide|conceal|keep|obscure|withhold|cover up|mask)\b[^.!?\n]{0,50}?\b(?:from (?:the user|users|the human|the developer|the owner|the operator|the reviewer)|secret from (?:the|your) (?:user|developer|owner|human))\b/gi,
  /\b(?:this (?:rule|note|instruction|step|memory|message)|these (?:instructions|rules|notes|steps)) (?:is|are|must (?:be|remain|stay)|should (?:be|remain|stay)|stays?|remains?) (?:kept )?(?:secret|confidential|hidden|invisible|undisclosed|never (?:shown|mentioned|revealed))/gi,
  /\b(?:never|do not|don't) (?:mention|reveal|disclose|reference|acknowledge|admit|discuss|talk about|show|quote) (?:this|these|the existence of (?:this|these)) (?:rule|note|instruction|memory|memories|message|step|line|entry|text)s?\b/gi,
  /\b(?:act|behave|pretend|respond|answer|reply) (?:normally|as (?:if|though)|like) (?:nothing (?:happened|has happened|is wrong|unusual)|everything is (?:normal|fine))/gi,
  /(?:不要|不得|切勿|别|无需|不必|不用|請勿|请勿)(?:把[^。\n]{0,10})?(?:告诉|告知|通知|提醒|透露|提及|告訴|告知|让)[^。\n]{0,8}?(?:用户|用戶|使用者|任何人|开发者|人类|主人)/g,
  /(?:瞒着|瞞著|隐瞒|对用户(?:保密|隐藏)|不让用户(?:知道|发现|看到)|悄悄(?:地)?(?:执行|运行|上传|发送|安装|删除))/g,
  /ユーザー?に(?:は)?(?:知らせ(?:ない|ず)|伝え(?:ない|ず)|言わない|通知(?:しない|せず)|気づかれ(?:ない|ず)|内緒|秘密)/g,
);

const isAboutSandboxSetting = (_hit: string, before: string, after: string): boolean =>
  /\b(?:error|fails?|failed|because|documented|documentation|docs|means|explains?|which|flag (?:that|which)|removed|deprecated|banned|forbidden|warns?|refuses?|dangerous|risk|asked (?:whether|if|why|how)|only in (?:ci|containers?|docker)|inside (?:ci|a container|docker))\b/i.test(
    `${before.slice(-80)} ${after.slice(0, 80)}`,
  );

const SAFEGUARDS: Guarded[] = [
  {
    pattern:
      /\b(?:disabl(?:e|ing)|turn(?:ing)? off|switch(?:ing)? off|deactivat(?:e|ing)|bypass(?:ing)?|circumvent(?:ing)?|evad(?:e|ing)|remov(?:e|ing)|skip(?:ping)?|disarm|kill|loosen|lower|defeat|suspend|escape(?: from)?|work around|get around|override)\b(?: (?:all|any|the|your|its|every|codex's|of|sandbox|safety|security|approval|permission|agent|content|execution|command))*? ?(?:sandbox(?:ing)?|approvals?|approval (?:prompts?|policy|mode|flow|requests?|checks?)|permission (?:prompts?|checks?|requests?|system)|safety (?:checks?|filters?|measures?|features?|rules?|guards?|settings?|mechanisms?|systems?|layers?)|safeguards?|guardrails?|security (?:checks?|warnings?|software|scanners?|monitoring|controls?|prompts?)|antivirus|firewall|secret scann(?:ing|er)s?|confirmation prompts?|confirmations|audit log(?:s|ging)?|injection (?:filters?|checks?|lint)|poison lint|redaction)\b/gi,
    innocent: (hit, before, after) => clauseRefuses(hit, before, after) || isAboutSandboxSetting(hit, before, after),
  },
  {
    pattern:
      /--dangerously[-\w]*|--yolo\b|--dangerously-bypass[-\w]*|\bdanger-full-access\b|\bapproval[_-]policy\s{0,3}[=:]\s{0,3}["']?never|--ask-for-approval[= ]never|-a never\b|\bsandbox[_-]mode\s{0,3}[=:]\s{0,3}["']?danger|--no-sandbox\b(?= .{0,40}codex)|--skip-git-repo-check --full-auto|\bbypassPermissions\b/g,
    innocent: (hit, before, after) =>
      !isStanding(`${before.slice(-120)} ${hit} ${after.slice(0, 120)}`) ||
      clauseRefuses('', before, after) ||
      /^[^.\n]{0,60}\b(?:is|are) (?:banned|forbidden|not allowed|never|dangerous|blocked|removed)/i.test(after),
  },
  ...plainly(
    /\b(?:you (?:have|are granted|now have)|grant(?:ed|s)? (?:you|yourself|the agent)|assume (?:you have|full)) (?:full|unrestricted|unlimited|complete|root|blanket|permanent|standing) (?:access|permissions?|privileges?|authori[sz]ation|approval|consent|control)\b/gi,
    /\b(?:the user|owner|admin(?:istrator)?|i) (?:has |have )?(?:already |permanently |pre-?)+(?:approved|authori[sz]ed|consented|agreed|granted|confirmed|allowed)(?: to)? (?:all|any|every|everything|whatever|full)\b/gi,
    /\b(?:auto-?approve|automatically (?:approve|accept|allow|confirm|say yes to)|always (?:approve|accept|allow|confirm|say yes to|answer yes to|grant))\b[^.!?\n]{0,40}?\b(?:all|any|every|each|permission|command|request|prompt|approval|tool|dialog)/gi,
    /(?:关闭|禁用|绕过|停用|關閉|停用|繞過|跳过)[^。\n]{0,8}?(?:沙箱|沙盒|安全(?:检查|限制|策略|防护|审查|机制|確認)|审批|批准|确认提示|权限(?:检查|提示|确认)|权限验证)/g,
    /(?:无需|不需要|不必|不用|未经|無需|不经)(?:再)?(?:向|经过|征得|得到|等待|询问|请求)?(?:用户|用戶|使用者|我|人工)?的?(?:任何)?(?:确认|同意|许可|批准|询问|授权|確認|許可)[^。\n]{0,12}?(?:直接|即可|就|自动|立即|随意)?[^。\n]{0,4}?(?:执行|运行|删除|安装|推送|部署|发布|上传|提交|修改|操作|執行)/g,
    /(?:ユーザーの)?(?:確認|承認|許可|同意)(?:なし|を(?:求め|取ら|得)ず|を待たず)(?:に|で)?[^。\n]{0,16}?(?:実行|削除|インストール|プッシュ|デプロイ|送信)/g,
    /(?:サンドボックス|承認|安全(?:機能|チェック))を(?:無効|オフ|回避|バイパス)/g,
  ),
];

/** Words that make a sentence a rule for every later session. */
const STANDING =
  /\b(?:always|every (?:time|session|run|start|command|task|turn|project|call|invocation)|each (?:time|session|run|task|turn|command)|whenever|at (?:the )?(?:start|beginning|startup)|on (?:startup|start|every|each|session start)|before (?:any|every|each|doing|starting|running|you|work(?:ing)?|the (?:first|tests?|build)|answering|test|build)|after (?:every|each|any)|first(?:,| of all| run| step| thing)|must|mandatory|required|from now on|by default|standing rule|permanent(?:ly)?|remember to|make sure|be sure|ensure|never forget|automatically|you (?:should|need|have) (?:to)?|use|run|launch|invoke|start|pass|set|add|call|prefer)\b|每次|始终|总是|必须|务必|一律|默认|先(?:运行|执行)|始終|總是|必ず|常に|毎回/i;
const isStanding = (text: string): boolean => STANDING.test(text);

/** Switches off what protects the user: approvals, sandbox, knowledge of what happens. */
export const disablesSafety = (text: string): string | undefined =>
  firstHit(text, UNATTENDED) ?? firstHit(text, SAFEGUARDS);

const CONCEALMENT_IS_REFUSAL: Guarded[] = CONCEALMENT;

/** Keeps the user from knowing. */
export function hidesFromTheUser(text: string): string | undefined {
  for (const { pattern } of CONCEALMENT_IS_REFUSAL) {
    const hit = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text);
    if (hit !== null) return hit[0].replaceAll(/\s+/g, ' ').slice(0, 80);
  }
  return undefined;
}

const THIS = String.raw`(?:this|these|the (?:following|above|present|text (?:above|below)|same)|it|that)`;
const PROPAGATION: Guarded[] = plainly(
  new RegExp(
    `\\b(?:copy|cop(?:y|ies)|repeat|insert|add|append|paste|write|embed|replicate|duplicate|propagate|spread|include|save|store|reproduce|put|place|carry|inject|persist|re-?create)\\s+${THIS}(?:\\s+(?:exact|whole|entire|very|same))?(?:\\s+(?:note|memory|instructions?|text|message|line|paragraph|rule|prompt|entry|sentence|block|snippet|notice|directive|comment|words?|section))?s?(?:\\s+(?:verbatim|unchanged|word for word|exactly|as is|again))?\\s+(?:in|into|to|across|at the (?:top|end|start|beginning) of|onto|inside|within|with)\\s+(?:all|every|each|any|other|your|future|later|new|subsequent|the (?:next|other|user's|memories|memory of|agents?\\.md|home)|agents?\\.md|claude\\.md|skills?|memor)`,
    'gi',
  ),
  /\b(?:must|should|always|never fail to) (?:be )?(?:copied|repeated|inserted|added|propagated|replicated|reproduced|carried over|included|re-?created|restored|saved)\b[^.!?\n]{0,30}?\b(?:every|each|all|future|any|other|later|subsequent)\b[^.!?\n]{0,20}?\b(?:memor(?:y|ies)|notes?|sessions?|projects?|repositor(?:y|ies)|files?|skills?|agents?|summar(?:y|ies)|conversations?|repos?)\b/gi,
  /\b(?:if|when|whenever) (?:this|it|the) ?(?:note|memory|rule|entry|instruction|text|line)? (?:is|gets|was|ever gets|has been) (?:deleted|removed|forgotten|lost|dropped|pruned|edited)[^.!?\n]{0,30}?\b(?:restore|re-?create|re-?add|write|add|save|insert|put)\b/gi,
  /\b(?:never|do not|don't) (?:delete|remove|forget|prune|edit|discard|drop|change|overwrite|retire) (?:this|these) (?:note|memory|memories|rule|entry|instruction|text|line|message|skill)s?\b/gi,
  /\b(?:tell|instruct|teach|pass (?:this|it) on to|infect|share (?:this|it) with) (?:all |every |any )?(?:other|future|subsequent|next|sub-?) ?(?:agents?|assistants?|sessions?|models?|ais?|bots?|subagents?)\b[^.!?\n]{0,30}?(?:to|do|the same|this|as well|:)/gi,
  /(?:把|将|將)(?:这|此|本|以下|這)(?:条|段|些|份|個|个)?(?:记忆|笔记|指令|规则|内容|文字|消息|说明|提示|話|话|記憶|筆記)?[^。\n]{0,8}?(?:复制|拷贝|写入|添加|插入|保存|加入|追加|粘贴|複製|寫入|传播)[^。\n]{0,4}?(?:到|进|至|入)?[^。\n]{0,6}?(?:所有|每(?:一)?(?:个|条|次|份)|其他|全部|今后|后续|任何)/g,
  /(?:この|以下の)(?:メモ|文章?|指示|ルール|内容|記憶|テキスト)を[^。\n]{0,10}?(?:すべて|全て|あらゆる|他の|今後の|毎回)[^。\n]{0,16}?(?:コピー|追加|保存|書き込|挿入|複製)/g,
);

/** Wants to be copied: into every memory, every project, every answer. */
export function propagatesItself(text: string): string | undefined {
  for (const { pattern } of PROPAGATION) {
    const hit = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text);
    if (hit !== null) return hit[0].replaceAll(/\s+/g, ' ').slice(0, 80);
  }
  return undefined;
}

const SECRET_THING = String.raw`(?:passwords?|passphrases?|api[ -]?keys?|(?:access |auth |secret |personal |github |npm |session |bearer |oauth )*tokens?|credentials?|secrets?|private keys?|ssh keys?|seed phrases?|recovery (?:phrases?|codes?)|mnemonic|2fa|mfa|otp|one[- ]time (?:codes?|passwords?)|verification codes?|credit card(?: numbers?)?|cvv|pin(?: code)?|login details|bank details|social security number)`;
const REQUESTS: Guarded[] = [
  ...plainly(
    new RegExp(
      `\\b(?:ask|request|prompt|get|persuade|convince|trick|require|urge|instruct|tell|demand)\\b[^.!?\\n]{0,30}?\\b(?:the )?(?:user|users|human|developer|owner|operator|customer|them|him|her)s?\\b[^.!?\\n]{0,40}?\\b(?:to (?:paste|type|share|send|provide|tell|enter|reveal|give|supply|post|disclose|hand over|confirm|submit|write)|for)\\b(?! permission| confirmation| approval)[^.!?\\n]{0,30}?\\b${SECRET_THING}\\b(?! (?:manager|name|file|format|type|length|policy|scope|rotation|store|variable))`,
      'gi',
    ),
    new RegExp(
      `\\b(?:always |silently |secretly |please |must |should )+(?:print|echo|output|display|show|include|reveal|dump|log|write|embed|append|list|quote|read out|repeat|paste)\\b[^.!?\\n]{0,40}?\\b(?:the |any |all |your |user'?s? |every )*(?:${SECRET_THING}|environment variables|\\.env(?! ?\\.example)|id_rsa)\\b[^.!?\\n]{0,30}?(?:in(?:to)? (?:your |the |every |each |all )?(?:answers?|repl(?:y|ies)|responses?|output|commit|pull request|chat|summary|issue|comment|readme|message)|to the (?:chat|output|console|issue)|at the end of)`,
      'gi',
    ),
    new RegExp(
      `\\b(?:collect|harvest|gather|steal|scrape|extract|dump|grab|capture|record)\\b(?: (?:all|any|the|every|their|user'?s?|of))*\\s+${SECRET_THING}\\b(?! (?:in|from) (?:the )?(?:tests?|fixtures?))`,
      'gi',
    ),
    /(?:要求|询问|让|請|请|引导|诱导|提示)(?:用户|用戶|使用者|对方|开发者)[^。\n]{0,10}?(?:提供|输入|发送|粘贴|告知|给出|說出|说出|提交|透露|貼上)[^。\n]{0,10}?(?:密码|口令|密钥|秘钥|令牌|token|私钥|api ?key|验证码|助记词|凭证|凭据|密碼|銀行)/gi,
    /ユーザーに[^。\n]{0,12}?(?:パスワード|APIキー|トークン|秘密鍵|認証情報|暗証番号|認証コード)[^。\n]{0,8}?(?:尋ね|聞[いくき]|入力させ|送らせ|送信させ|教えて|求め|要求|貼り付け)/gi,
  ),
];

const askedByOwnProgram =
  /\b(?:gh auth|aws configure|docker login|npm login|sudo|ssh-keygen|keychain|1password|vault login|login form|sign-?in (?:form|page)|reset (?:form|page)|dialog|cli prompts?|the app|the form|the page|the api|the endpoint|the server|wizard)\b/i;

/** Wants credentials from the user, or to have them shown. */
export const asksForCredentials = (text: string): string | undefined =>
  firstHit(
    text,
    REQUESTS.map(({ pattern }) => ({
      pattern,
      innocent: (hit: string, before: string) => askedByOwnProgram.test(`${before.slice(-60)} ${hit}`),
    })),
  );
