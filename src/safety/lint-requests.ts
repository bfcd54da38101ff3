import { firstHit, prohibition, row, type Excuse, type Row } from './lint-patterns.ts';

const THIS = String.raw`(?:this|these|the (?:following|above|present|text (?:above|below)|same)|it|that)`;
const PROPAGATION: Row[] = [
  row(
    'copy|copies|repeat|insert|add|append|paste|write|embed|replicate|duplicate|propagate|spread|include|save|store|reproduce|put|place|carry|inject|persist|create & this|these|following|above|text|it|that & all|every|each|any|other|your|future|later|new|subsequent|next|agents.md|claude.md|skill|memor',
    () =>
      new RegExp(
        `\\b(?:copy|cop(?:y|ies)|repeat|insert|add|append|paste|write|embed|replicate|duplicate|propagate|spread|include|save|store|reproduce|put|place|carry|inject|persist|re-?create)\\s+${THIS}(?:\\s+(?:exact|whole|entire|very|same))?\\s+(?:note|memory|instructions?|text|message|line|paragraph|rule|prompt|entry|sentence|block|snippet|notice|directive|comment|words?|section)s?(?:\\s+(?:verbatim|unchanged|word for word|exactly|as is|again))?\\s+(?:in|into|to|across|at the (?:top|end|start|beginning) of|onto|inside|within|with)\\s+(?:all|every|each|any|other|your|future|later|new|subsequent|the (?:next|other|user's|memories|memory of|agents?\\.md|home)|agents?\\.md|claude\\.md|skills?|memor)`,
        'gi',
      ),
  ),
  row(
    'make|have|let|ensure|see & session|conversation|agent|run & repeat|copy|carry|keep|contain|include|start & line|note|text|words|rule|paragraph|message|entry',
    /\b(?:make|have|let|ensure|see to it)\b[^.!?\n]{0,12}?\b(?:every|each|all|any|future|later|the next)\b[^.!?\n]{0,20}?\b(?:sessions?|conversations?|agents?|runs?|memor(?:y|ies))\b[^.!?\n]{0,20}?\b(?:repeat|copy|carry|keep|contain|include|start with|begin with)s?\b[^.!?\n]{0,12}?\b(?:these|this|the same|it)\b/gi,
  ),
  row(
    'copy|repeat|insert|add|append|write|save|spread|propagate|replicate & it|this|itself & memor|note|project|session|agents.md|skill',
    /\b(?:copy|repeat|insert|add|append|write|save|spread|propagate|replicate) (?:it|this|itself) (?:in|into|to|across|over)(?:to)? (?:all|every|each|any|other|future|new|subsequent|the next)\s(?:of )?(?:your |the |other |my |future |new )*(?:memor(?:y|ies)|notes?|projects?|sessions?|agents?\.md|skills?|repositor(?:y|ies)|repos|conversations?|agents?)\b/gi,
  ),
  row(
    'must|should|always|never fail & copied|repeated|inserted|added|propagated|replicated|reproduced|carried|included|created|restored|saved',
    /\b(?:this|these|it)\b[^.!?\n]{0,20}?\b(?:must|should|always|never fail to)\s(?:always )?(?:be )?(?:copied|repeated|inserted|added|propagated|replicated|reproduced|carried over|included|re-?created|restored|saved)\b[^.!?\n]{0,30}?\b(?:every|each|all|future|any|other|later|subsequent)\b[^.!?\n]{0,20}?\b(?:memor(?:y|ies)|notes?|sessions?|projects?|repositor(?:y|ies)|files?|skills?|agents?|summar(?:y|ies)|conversations?|repos?)\b/gi,
  ),
  row(
    'deleted|removed|forgotten|lost|dropped|pruned|edited & restore|create|add|write|save|insert|put',
    /\b(?:if|when|whenever) (?:this|it|the) ?(?:note|memory|rule|entry|instruction|text|line) (?:is|gets|was|ever gets|has been) (?:deleted|removed|forgotten|lost|dropped|pruned|edited)[^.!?\n]{0,30}?\b(?:restore|re-?create|re-?add|write|add|save|insert|put)\b/gi,
  ),
  prohibition(
    'delete|remove|forget|prune|edit|discard|drop|change|overwrite|retire & this|these',
    /\b(?:never|do not|don't) (?:delete|remove|forget|prune|edit|discard|drop|change|overwrite|retire) (?:this|these) (?:note|memory|memories|rule|entry|instruction|message|skill)s?\b/gi,
  ),
  row(
    'tell|instruct|teach|pass|infect|share & agent|assistant|session|model|ais|bot',
    /\b(?:tell|instruct|teach|pass (?:this|it) on to|infect|share (?:this|it) with) (?:all |every |any )?(?:the )?(?:other|future|subsequent|next|sub-?) ?(?:agents?|assistants?|sessions?|models?|ais?|bots?|subagents?)\b[^.!?\n]{0,30}?(?:to|do|the same|this|as well|:|$)/gi,
  ),
  row(
    '把|将|將 & 所有|每|其他|全部|今后|后续|任何',
    /(?:把|将|將)(?:这|此|本|以下|這)(?:条|段|些|份|個|个)?(?:记忆|笔记|指令|规则|内容|文字|消息|说明|提示|話|话|記憶|筆記)?[^。\n]{0,8}?(?:复制|拷贝|写入|添加|插入|保存|加入|追加|粘贴|複製|寫入|传播)[^。\n]{0,4}?(?:到|进|至|入)?[^。\n]{0,6}?(?:所有|每(?:一)?(?:个|条|次|份)|其他|全部|今后|后续|任何)/g,
  ),
  row(
    'この|以下の & すべて|全て|あらゆる|他の|今後の|毎回',
    /(?:この|以下の)(?:メモ|文章?|指示|ルール|内容|記憶|テキスト)を[^。\n]{0,10}?(?:すべて|全て|あらゆる|他の|今後の|毎回)[^。\n]{0,16}?(?:コピー|追加|保存|書き込|挿入|複製)/g,
  ),
  row(
    'you & write|save|create|update|edit & append|add|include|insert|copy|repeat|prepend & this|these',
    /\b(?:whenever|every time|each time|when|if) you (?:write|save|create|update|edit|make|add)\b[^.!?\n]{0,40}?\b(?:memor(?:y|ies)|notes?|skills?|agents?\.md|summar(?:y|ies)|envelopes?|suggestions?)\b[^.!?\n]{0,20}?\b(?:append|add|include|insert|copy|repeat|prepend|put) (?:this|these|the (?:above|following))\b/gi,
  ),
];

/** Wants to be copied: into every memory, every project, every answer. */
export const propagatesItself = (text: string): string | undefined => firstHit(text, PROPAGATION);

const SECRET_THING = String.raw`(?:passwords?|passphrases?|api[ -]?keys?|(?:access |auth |secret |personal |github |npm |session |bearer |oauth )*tokens?|credentials?|secrets?|private keys?|ssh keys?|seed phrases?|recovery (?:phrases?|codes?)|mnemonic|two[- ]factor(?: codes?)?|2fa(?: codes?)?|mfa(?: codes?)?|otps?|one[- ]time (?:codes?|passwords?)|(?:verification|security|login|sms|backup) codes?|credit card(?: numbers?)?|cvv|pin codes?|login details|bank details|social security number)`;
const SECRET_NEEDS =
  'password|passphrase|api key|api-key|apikey|token|credential|secret|private key|ssh key|seed phrase|recovery|mnemonic|factor|2fa|mfa|otp|one-time|one time|code|credit card|cvv|login details|bank|social security';

/** A program that logs somebody in asks for exactly this. */
const ownProgram: Excuse = (hit, before, after) =>
  /\b(?:gh auth|getpass|readline|argparse|keytar|in the cli|on the cli|the cli|cli (?:asks|prompts|reads)|aws configure|docker login|npm login|sudo|ssh-keygen|keychain|1password|vault login|(?:login|sign-?in|reset) (?:form|page|dialog|screen|command)|dialog|cli prompts?|the (?:app|form|page|endpoint|server|wizard|installer|website|ui)|the api (?:asks|expects|returns|requires|prompts))\b/i.test(
    `${before.slice(-60)} ${hit} ${after.slice(0, 40)}`,
  );

const REQUESTS: Row[] = [
  row(
    `ask|request|prompt|get|persuade|convince|trick|require|urge|instruct|tell|demand|have|make & user|human|developer|owner|operator|customer|them|him|her & ${SECRET_NEEDS}`,
    () =>
      new RegExp(
        `\\b(?:ask|request|prompt|get|persuade|convince|trick|require|urge|instruct|tell|demand|have|make)\\b[^.!?\\n]{0,20}?\\b(?:user|users|human|developer|owner|operator|customer|them|him|her)\\b[^.!?\\n]{0,30}?\\b(?:(?:to )?(?:paste|type|share|send|provide|tell|enter|reveal|give|supply|post|disclose|hand over|submit|write)|for)\\b(?! (?:permission|confirmation|approval|the (?:name|path|location)))[^.!?\\n]{0,30}?\\b${SECRET_THING}\\b(?! (?:manager|name|file|format|type|length|policy|scope|rotation|store|variable|hash|field|limit|budget|review|count|to (?:the|their) (?:keychain|vault|env)))`,
        'gi',
      ),
    ownProgram,
  ),
  row(
    `print|echo|output|display|show|include|reveal|dump|log|write|embed|append|list|quote|read out|repeat|paste & ${SECRET_NEEDS}|environment variables|.env|id_rsa`,
    () =>
      new RegExp(
        `\\b(?:always |silently |secretly |please |must |should )+(?:print|echo|output|display|show|include|reveal|dump|log|write|embed|append|list|quote|read out|repeat|paste)\\b[^.!?\\n]{0,40}?(?<!\\w)(?:${SECRET_THING}|environment variables|\\.env(?! ?\\.example)|id_rsa)\\b[^.!?\\n]{0,30}?(?:in(?:to)? (?:your |the |every |each |all )?(?:answers?|repl(?:y|ies)|responses?|output|commits?|pull requests?|chat|summary|summaries|issues?|comments?|readme|messages?)|to the (?:chat|output|console|issue)|at the end of)`,
        'gi',
      ),
    ownProgram,
  ),
  row(
    `collect|harvest|gather|steal|scrape|extract|dump|grab|capture|record & ${SECRET_NEEDS}`,
    () =>
      new RegExp(
        `\\b(?:collect|harvest|gather|steal|scrape|extract|dump|grab|capture|record)\\b(?: (?:all|any|the|every|their|user'?s?|of))*\\s+${SECRET_THING}\\b(?! (?:usage|count|budget|(?:in|from) (?:the )?(?:tests?|fixtures?|header|request|url|response|cookie)))`,
        'gi',
      ),
    ownProgram,
  ),
  row(
    `ask|request|demand|obtain|collect|get & user|developer|owner|human|customer & from & key|${SECRET_NEEDS}`,
    () =>
      new RegExp(
        `\\b(?:ask|request|demand|get|obtain|collect)\\b[^.!?\\n]{0,20}?\\b(?:${SECRET_THING}|\\w+ keys?)\\b[^.!?\\n]{0,20}?\\bfrom (?:the )?(?:user|developer|owner|human|customer)`,
        'gi',
      ),
    ownProgram,
  ),
  row(
    `ask|prompt & for & save|store|write|keep|record|send|log|remember|upload|post & ${SECRET_NEEDS}`,
    () =>
      new RegExp(
        `\\b(?:ask|prompt)(?: (?:the )?(?:user|them|him|her))? for\\b[^.!?\\n]{0,20}?\\b${SECRET_THING}\\b[^.!?\\n]{0,30}?\\b(?:save|store|write|keep|record|send|log|remember|upload|post)\\b`,
        'gi',
      ),
    (hit, before, after) => ownProgram(hit, before, after) || /\b(?:keychain|vault|1password|keyring|hash)/i.test(hit),
  ),
  row(
    `past|enter|submit|typ|verify & http & ${SECRET_NEEDS}`,
    () =>
      new RegExp(
        `\\b(?:past(?:e|ing)|enter(?:ing)?|submit(?:ting)?|typ(?:e|ing)|verify(?:ing)?)\\b[^.!?\\n]{0,30}?\\b${SECRET_THING}\\b[^.!?\\n]{0,20}?\\b(?:in(?:to)?|at|on|to|via) https?://(?!localhost|127\\.)`,
        'gi',
      ),
  ),
  row(
    '用户|用戶|使用者|对方|开发者',
    /(?:要求|询问|让|請|请|引导|诱导|提示)(?:用户|用戶|使用者|对方|开发者)[^。\n]{0,10}?(?:提供|输入|发送|粘贴|告知|给出|說出|说出|提交|透露|貼上)[^。\n]{0,10}?(?:密码|口令|密钥|秘钥|令牌|token|私钥|api ?key|验证码|助记词|凭证|凭据|密碼|銀行)/gi,
    (hit, before) => /登录页|表单|登录框|页面/.test(`${before.slice(-20)}${hit}`),
  ),
  row(
    'ユーザー',
    /ユーザーに[^。\n]{0,12}?(?:パスワード|APIキー|トークン|秘密鍵|認証情報|暗証番号|認証コード)[^。\n]{0,8}?(?:尋ね|聞[いくき]|入力させ|送らせ|送信させ|教えて|求め|要求|貼り付け)/gi,
  ),
];

/** Wants credentials from the user, or to have them shown. */
export const asksForCredentials = (text: string): string | undefined => firstHit(text, REQUESTS);
