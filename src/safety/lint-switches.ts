import { clauseBefore, firstHit, isRefused, prohibition, row, type Excuse, type Row } from './lint-patterns.ts';

/** Sentences that tell of a switch without asking for it, or that confine it to where it harms nobody. */
const TOLD_OR_LOCAL =
  /\b(?:localhost|local(?:ly)?|dev(?:elopment)? (?:server|machine|proxy|cluster|container)|(?:unit|integration|e2e) tests?|in tests?|test (?:server|suite|fixture)|self-signed|sandbox(?:ed)? vm|was|were|has been|had|removed|rejects?|refus\w+|banned?|forbid\w*|forbidden|prohibit\w*|fails?|failed|blocked|blocks|reverted?|instead of|rather than|never|not|don't|avoid|without|must not|insecure|dangerous|warns?|because of|documented|explains?|means|detects?|flags|finding|audit)\b|不要|禁止|不得/i;
/** For everyone, everywhere, each time. */
const UNIVERSAL =
  /\b(?:always|every\w*|all|each|any|whenever|from now on|by default|globally|--global|standard|permanent\w*|production|prod|first|must|hooks? (?:only|just|are)|slow|annoying|in the way|needs? to be|should be|have to|has to|before (?:any|work|start|you)\w*|to avoid|all environments|so that|no questions|agreed)\b|始终|总是|每次|一律|常に|必ず/i;

const sentenceAround = (before: string, hit: string, after: string): string =>
  `${clauseBefore(before)} ${hit} ${after.replace(/[.!?\n。](?:\s.*)?$/s, '')}`;
const toldOrLocal: Excuse = (hit, before, after) =>
  TOLD_OR_LOCAL.test(sentenceAround(before, ' ', after).replace(/\bto avoid\b/i, '')) || isRefused(`${before} ${hit}`);
const notUniversal: Excuse = (hit, before, after) =>
  toldOrLocal(hit, before, after) || !UNIVERSAL.test(sentenceAround(before, '', after));

/** Switches that open a machine; nobody has to say "always". */
const OPENED: Row[] = [
  row('nopasswd', /\bNOPASSWD\s*:\s*ALL\b/g, toldOrLocal),
  row('sudoers', /(?:>>?|tee(?: -a)?|echo|add|append|write|edit|put)\b[^\n]{0,120}?\/etc\/sudoers/gi, toldOrLocal),
  row(
    'ssh key|public key|authorized_keys|ssh-rsa|ssh-ed25519 & add|append|put|install|copy|trust|write|register|allow',
    /\b(?:add|append|put|install|copy|trust|write|register|allow)\b[^.\n]{0,60}?(?:ssh-(?:rsa|ed25519|dss) AAAA|(?:this|the following|my|our|attached|given) (?:public |ssh )+keys?\b|(?:public |ssh )+key (?:of|from|for|belonging)[^.\n]{0,60}?(?:authorized|deploy|server|host|account))/gi,
    toldOrLocal,
  ),
  row(
    'setenforce|selinux|apparmor',
    /\bsetenforce 0\b|\bSELINUX=(?:disabled|permissive)|\bsystemctl (?:stop|disable) (?:apparmor|firewalld|auditd|ufw)/gi,
    toldOrLocal,
  ),
  row(
    'ufw disable|iptables -f|advfirewall|disablerealtimemonitoring|gatekeeper|spctl|csrutil|executionpolicy',
    /\b(?:ufw disable|iptables -F|netsh advfirewall set \w+ state off|DisableRealtimeMonitoring|spctl --master-disable|csrutil disable|Set-ExecutionPolicy (?:-\S+ )*(?:Bypass|Unrestricted))\b/gi,
    toldOrLocal,
  ),
  row(
    'chmod|setuid',
    /\bchmod (?:-R )?(?:[0-7]?777|a\+rwx|u\+s|\+s|4755)\b(?! \.?\/?(?:tmp|test)\b)|\bsetuid root\b/gi,
    toldOrLocal,
  ),
  row(
    'permitrootlogin|passwordauthentication|permitemptypasswords',
    /\b(?:PermitRootLogin yes|PermitEmptyPasswords yes|PasswordAuthentication yes)\b/gi,
    toldOrLocal,
  ),
  row(
    'eval(|exec(|function( & atob|localstorage|request|location|fetch|params|query|input|cookie|b64decode',
    /\b(?:eval|exec|Function)\s*\(\s*(?:atob|b64decode|localStorage|sessionStorage|location|request\.|req\.|params|query|document\.cookie|await fetch|requests\.get)/gi,
    toldOrLocal,
  ),
];

/** Checks of certificates, hooks, signatures, scans: for one's own machine a habit, as a rule for all an attack. */
const LOOSENED: Row[] = [
  row(
    'verify|unauthorized|strict-ssl|sslverify|stricthostkey|--insecure|trusted-host|rejectunauthorized|gpgsign|no-gpg|ignore-cert|no-check-cert|skip-verify|curl -k|allow_origins|access-control|--no-check|allow-unauthenticated|ssl_no|trust all|skipcert',
    /\bverify\s?=\s?False\b|\bNODE_TLS_REJECT_UNAUTHORIZED\s?=?\s?["']?0|\bstrict-ssl[= ]false|\bsslVerify[= ]false|\bStrictHostKeyChecking[= ]no|--insecure\b|\bcurl -k\b|--trusted-host\b|\brejectUnauthorized:\s?false|\bgpgsign[= ]false|--no-gpg-sign\b|--no-check-certificate\b|--ignore-certificate-errors\b|InsecureSkipVerify:?\s?true|--allow-unauthenticated\b|--no-verify\b|-SkipCertificateCheck|\btrust(?:s|ed)? all certificates|Access-Control-Allow-Origin: \*|\ballow_origins\s?=\s?\["\*"\]/gi,
    notUniversal,
  ),
  row(
    'disabl|turn|switch|remov|skip|deactivat|drop|loosen|delet|bypass|stop & signing|scan|branch protection|2fa|two-factor|mfa|audit|logging|dependabot|csrf|auth|validation|rate limit|hooks|firewall|antivirus|selinux|encryption|checks|https|tls|ssl|backup|monitor|alert',
    /\b(?:disabl(?:e|es|ing)|turn(?:s|ing)? off|switch(?:es|ing)? off|remov(?:e|es|ing)|skip(?:s|ping)?|deactivat(?:e|es|ing)|drop(?:s|ping)?|delet(?:e|es|ing)|bypass(?:es|ing)?|stop)\b(?: (?:all|any|the|your|its|every|our|and|commit|git|code|secret|dependency|vulnerability|security|malware|virus|server-side|input))* (?:signing|(?:secret |code |vulnerability |dependency |virus |malware |security )scan(?:s|ning|ners?)?|branch protections?|2fa|two-factor(?: auth\w*)?|mfa|audit(?:ing| logs?| trail)?|csrf(?: protection| checks?)?|authentication|authori[sz]ation|firewall|antivirus|selinux|encryption|monitoring|alerting|(?:pre-commit |git )hooks|backups|(?:security|permission|access|integrity|signature|certificate) checks?)\b/gi,
    notUniversal,
  ),
];

const CLAUSE_REFUSES = /\b(?:never|not|don't|must not|cannot|no one|nobody|refuses?|forbidden|avoid)\b/i;
const UNASKED =
  /\b(?:delet\w*|remov\w*|push\w*|deploy\w*|publish\w*|destroy\w*|drop\w*|overwrit\w*|install\w*|send\w*|destructive|production|secrets?|any (?:command|action|change))\b/i;
const ANYTHING = String.raw`(?:all|any|every|each|everything|anything|whatever|destructive|future|dangerous|further|these|such|in advance)`;
const AGREED: Row[] = [
  row(
    'approval|approve|permission|consent|authori|confirm|allowed|agreed & grant|given|implied|assum|waive|advance|pre-|already|formality|noise|automatic|default|nuisance|granted|allow|agree',
    () =>
      new RegExp(
        String.raw`\b(?:approvals?|permissions?|consent|authori[sz]ations?|confirmations?)\b[^.!?\n]{0,30}?\b(?:(?:is|are|was|were|has been|have been|counts? as|stands?|can be|may be) (?:already |always |all |automatically |therefore |to be )*(?:granted|given|implied|assumed|waived|presumed|unlimited|permanent|taken for granted|automatic)|in advance)\b|\b(?:the user|user|owner|operator|admin\w*|team|maintainers?) (?:has|have|had)?\s?(?:already |hereby |explicitly |long )*(?:agreed|allow(?:s|ed)|approved?s?|consent(?:s|ed)|accept(?:s|ed)|authori[sz]e[sd]|permit(?:s|ted)|waive[sd]|pre-?approved)\b(?: (?:to|for|of|the (?:agent|assistant)|you|beforehand|upfront|in advance|already))*(?: (?:running|run|use|execute|executing))? ${ANYTHING}\b|\b(?:all|any|every) (?:commands?|actions?|tools?|operations?|requests?|tool calls?) (?:is|are) (?:now |hereby |pre-?|already |automatically |always )*(?:allowed|approved|permitted|trusted|authori[sz]ed|safe)\b`,
        'gi',
      ),
    (hit, before, after) =>
      /\b(?:pull requests?|reviewers?|ticket|marketing|design|free of charge|software and|iam|role|endpoint|role|oauth|iam|android|camera|location|cors|test|staging|expires?)\b/i.test(
        sentenceAround(before, hit, after),
      ) || isRefused(before),
  ),
  row(
    'prompt|dialog|confirmation|approval|question & formalit|noise|nuisance|annoy|click|answer|say|choose|press|hit & yes|allow|approve|accept|formalit|noise|nuisance',
    /\b(?:(?:permission|approval|confirmation|security|sandbox) (?:prompts?|dialogs?|questions?|requests?)|confirmations?) (?:are|is) (?:only |just |merely |a |mere )*(?:formalit(?:y|ies)|noise|nuisance|annoyance)|\b(?:answer|say|reply|press|click|choose|select|hit)\b[^.!?\n]{0,16}?["'`]?(?:yes|allow|approve|accept|"?approve for[^.\n]{0,24})["'`]?\b[^.!?\n]{0,30}?\b(?:on behalf of|without (?:reading|looking|asking|thinking)|every|always|each|any|to all|all (?:prompts|questions)|for the user)\b|\b(?:always|automatically)\s+(?:answer|say|reply|press|click|choose|select|hit)\s+["'`]?(?:yes|allow|approve|accept)\b/gi,
    (hit, before, after) =>
      /\b(?:npm init|create-\w+|apt|debconf|installer asks|scaffold|wizard|cookie)\b/i.test(
        sentenceAround(before, hit, after),
      ),
  ),
  row(
    'prompt|dialog|question|confirmation|request|approval & answered|confirmed|accepted|approved|dismissed|clicked & automatic|with yes|by itself|for the user|without|unread|blindly|always',
    /\b(?:prompts?|dialogs?|questions?|confirmations?|(?:permission|approval) requests?|approvals?)\b[^.!?\n]{0,20}?\b(?:be|are|is|get) (?:always |simply |just |to be )?(?:answered|confirmed|accepted|approved|dismissed|clicked)\b[^.!?\n]{0,24}?\b(?:automatically|with ["']?(?:yes|y|allow)\b|by itself|for the user|without|unread|blindly|in advance|always)/gi,
  ),
  row(
    'exempt|excused|freed|released|spared|dispensed|relieved & ask|approval|confirm|permission|review|consent',
    /\b(?:exempt(?:ed)?|excused|freed|released|spared|dispensed|relieved) (?:from|of) (?:\w+ ){0,2}?(?:asking|approvals?|confirm\w*|permissions?|reviews?|consent)\b/gi,
    (hit, before) =>
      isRefused(before) || /\b(?:generated|docs|pull requests?|files?|admins?)\b/i.test(clauseBefore(before)),
  ),
  row(
    'approve|accept|allow|confirm|grant & all|every|any|each & permission|approval|command|tool|prompt|request',
    /(?:^|[.:;!\n]\s*|["'] ?)(?:please )?(?:approve|accept|allow|confirm|grant) (?:all|every|any|each) (?:of the )?(?:permission|approval|command|tool|prompt|shell|sandbox|access|exec\w*)(?: \w+)?s?\b/gi,
  ),
  prohibition(
    'user|owner|human|developer|nobody|no one & be asked|be told|be consulted|be informed|be bothered|be involved',
    /\b(?:(?:user|owner|human|developer|operator)s? (?:need|needs|should|must|does|do|has|have)(?: not|n't)(?: need| have)?(?: to)?|(?:nobody|no one) (?:needs?|has|must|should)(?: to)?) be (?:asked|told|consulted|informed|bothered|involved)\b/gi,
    (hit, before, after) =>
      /\b(?:lint\w*|format\w*|tests?|typos?|docs?|twice|again|every)\b/i.test(
        `${clauseBefore(before)} ${after.slice(0, 40)}`,
      ),
  ),
  row(
    'without & sandbox|approval & codex|agent|claude|session',
    /\b(?:codex|claude|the agent|agents|every session|all sessions)\b[^.!?\n]{0,40}?\bwithout (?:a |the |any |its )?(?:sandbox(?:ing)?|approvals?|guardrails?|restrictions?)\b/gi,
    (hit, before) =>
      isRefused(`${before} ${hit.replace(/\bwithout\b.*$/i, '')}`) ||
      CLAUSE_REFUSES.test(`${clauseBefore(before)} ${hit.replace(/\bwithout\b.*$/i, '')}`),
  ),
  row(
    'no need|unnecessary|needless|pointless|superfluous|no point & confirm|approval|permission|ask|prompt|bother',
    /\b(?:no need|unnecessary|needless|pointless|superfluous|no point)\b[^.!?\n]{0,30}?\b(?:bother\w*|ask\w*|wait\w*|confirm\w*|approvals?|permissions?|prompt\w*)\b[^.!?\n]{0,40}/gi,
    (hit, _before, after) => !UNASKED.test(`${hit} ${after.slice(0, 40)}`),
  ),
  prohibition(
    "ask|question|confirm|check with|wait & never|not|no |n't|without|stop",
    /\b(?:never ask(?=\s*(?:[.,;!]|$|first|again|back|for (?:permission|approval|confirmation)|the user))|no questions(?: asked)?(?=\s*[.,;!]|\s*$)|(?:do|does|need|must|should)(?: not|n't) (?:ask|confirm|check|wait)(?: (?:for permission|first|back|with (?:the user|anyone|them)))(?=\s*[.,;!]|\s*$))/gi,
    (hit, before, after) =>
      /\b(?:lint\w*|format\w*|tests?|typos?|docs?|comments?|read|search|style|prettier|twice|faq|survey|interview|form|questions? about|small|trivial)\b/i.test(
        sentenceAround(before, hit, after),
      ),
  ),
];

/** Opens the machine, loosens its checks, or claims that everything was allowed beforehand. */
export const opensTheDoor = (text: string): string | undefined =>
  firstHit(text, OPENED) ?? firstHit(text, LOOSENED) ?? firstHit(text, AGREED);
