import { clauseBefore, firstHit, isRefused, row, type Excuse, type Row } from './lint-patterns.ts';

const TOLD =
  /\b(?:never|not|n't|no longer|must not|avoid|reject\w*|refus\w*|fails?|failed|forbid\w*|forbidden|prohibit\w*|banned?|(?:is|are|gets?) blocked|was|were|detect\w*|flags?|warns?|removed|reverted|instead of|vulnerab\w*|insecure|dangerous|local(?:ly|host)?|in (?:unit |e2e )?tests?|test (?:account|user|seed|database|fixture)s?|seed|demo|dev (?:server|database|environment|container)|sandbox account|honeypot|attack\w*|scanner|policy (?:says|forbids)|incident)\b|不要|禁止|不得/i;
const told: Excuse = (hit, before, after) =>
  isRefused(before) ||
  TOLD.test(
    `${clauseBefore(before)} ${hit.replace(/never report\w*/i, '')} ${after.replace(/[.!?\n](?:\s.*)?$/s, '').replaceAll(/never report\w*/gi, '')}`,
  );

const LOWERED: Row[] = [
  row(
    'password|secret|token|credential|key & plain|unhashed|unencrypted|clear text|cleartext|public|without hash|without encrypt|hashing|md5|base64',
    /\b(?:stor(?:e|ed|ing)|sav(?:e|ed|ing)|writ(?:e|ten|ing)|log(?:s|ged)?|keep|kept|put|hold|print)\b[^.!?\n]{0,30}?\b(?:passwords?|secrets?|tokens?|credentials?|api keys?|private keys?)\b[^.!?\n]{0,40}?\b(?:in )?(?:plain ?text|plain|unhashed|unencrypted|clear ?text|in the clear|readable|world-readable|without (?:hashing|encryption|encrypting))\b/gi,
    told,
  ),
  row(
    'public-read|world-readable|world readable|publicly|anonymous|public|everyone|0.0.0.0|any ip|all ports|port 22',
    /\b(?:make|set|turn|mark|open|expose|allow|permit|let|enable|configure)s?\b[^.!?\n]{0,50}?\b(?:public-read(?:-write)?|world-readable|world-writable|publicly (?:readable|writable|accessible|available)|anonymous (?:access|login|writes?)|(?:from |to )?0\.0\.0\.0\/0|any ip|all ports|the whole internet|everyone on the internet)/gi,
    told,
  ),
  row(
    'administratoraccess|cluster-admin|root|owner|admin|full access|superuser|* & grant|give|attach|assign|bind|make|add|run',
    /\b(?:grant|give|attach|assign|bind)s?\b[^.!?\n]{0,40}?\b(?:AdministratorAccess|cluster-admin|full (?:access|control)|superuser|root (?:access|rights)|(?:admin|owner|sudo) (?:access|rights|role|permissions?|privileges?)|(?:roles\/)?owner)\b[^.!?\n]{0,60}/gi,
    (hit, before, after) =>
      told(hit, before, after) ||
      !/\b(?:agent|assistant|codex|everyone|everybody|anyone|all users|every (?:user|service|account|pod)|nothing|no one|bot|contractor|guest|stranger|service accounts?|default|account \w+)\b/i.test(
        hit,
      ),
  ),
  row(
    'password & admin|1234|changeme|default|same|password|root',
    /\b(?:each|every|all|any|the)\b[^.!?\n]{0,40}?\b(?:accounts?|users?|services?|servers?|databases?|machines?|hosts?)\b[^.!?\n]{0,24}?\b(?:gets?|have|has|uses?|receives?|share)\b[^.!?\n]{0,12}?\bpasswords?\b[^.!?\n]{0,6}["'`]?(?:admin\w*|123\w*|changeme|password\w*|root|qwerty\w*|letmein)/gi,
    told,
  ),
  row(
    'codeowners|required review|branch protection|pull request template|security.md|dependabot|.gitignore|pre-commit|audit|vulnerab|cve|finding|alert|warning & remov|delet|suppress|silenc|hide|ignore|dismiss|drop|mut|leav|left|omit|skip|keep|tak',
    /\b(?:remov(?:e|ing)|delet(?:e|ing)|suppress(?:ed|ing)?|silenc(?:e|ed|ing)|hid(?:e|den|ing)|dismiss(?:ed|ing)?|drop|mut(?:e|ed|ing)|leave (?:them |it )?out|omit|ignore)\b[^.!?\n]{0,40}?\b(?:codeowners|required reviews?|branch protections?|dependabot|security (?:alerts?|warnings?|findings?|advisories)|vulnerabilit(?:y|ies)|cves?|audit (?:findings?|warnings?|results?))\b|\b(?:audit|security|vulnerability|scanner|secret[- ]scan\w*) (?:findings?|warnings?|alerts?|results?|reports?)\b[^.!?\n]{0,30}?\b(?:suppressed|silenced|hidden|dismissed|ignored|muted|deleted|never reported|(?:dropped|left out|omitted|skipped|removed) (?:from|in|of))|\b(?:leav(?:e|ing)|keep(?:ing)?|tak(?:e|ing))\b[^.!?\n]{0,12}?\b(?:warnings?|alerts?|findings?|mentions?|notes?)\b[^.!?\n]{0,8}?\b(?:about|of|on)\b[^.!?\n]{0,30}?\bout of\b|\b(?:warnings?|alerts?|findings?|reports?) (?:about|of|on) (?:leaked|exposed|stolen|missing|weak|compromised|public)\b[^!?\n]{0,60}?\b(?:noise|leave|omit|ignore|drop|hide|skip|suppress)/gi,
    (hit, before, after) =>
      told(hit, before, after) ||
      /\b(?:false positives?|duplicates?|dev dependenc|with a reason|justification|until|ticket|after (?:triage|review))\b/i.test(
        `${hit} ${after.slice(0, 60)}`,
      ),
  ),
  row(
    'timer|cron|systemd|launchd|launch agent|scheduled task|startup|login item|autostart|.bashrc|.zshrc|profile|hook & http|fetch|download|curl|wget|/tmp',
    /\b(?:register|add|create|install|set up|schedule|put|append|plant|configure)\b[^.!?\n]{0,50}?\b(?:systemd|timers?|cron ?(?:jobs?|tab)?|launch(?:d| ?agents?)|scheduled tasks?|start-?up (?:scripts?|items?)|login items?|autostart|\.bashrc|\.zshrc|\.profile|git hooks?|hooks?)\b[^\n]{0,80}?\b(?:fetch(?:es)?|download(?:s)?|curl|wget|pull(?:s)? from|https?:\/\/(?!localhost)\S+|\/tmp\/\S+)/gi,
    (hit, before, after) =>
      told(hit, before, after) ||
      /\bhttps?:\/\/(?:[\w-]+\.)*(?:github|gitlab)\.|\b(?:backup|health|certbot|metrics|renew\w*|nightly build)\b/i.test(
        `${clauseBefore(before)} ${hit}`,
      ),
  ),
  row(
    'safety|security|policy|polic|rule|guideline|permission|approval|warning & decoration|suggestion|joke|optional|irrelevant|not for|advice|ornament|noise|theatre|theater|formalit|fiction',
    /\b(?:(?:safety|security|usage|approval|sandbox|permission) (?:notes?|rules?|polic(?:y|ies)|guidelines?|instructions?|settings?|warnings?|prompts?|checks?|steps?)|guardrails?|(?:your|the) (?:rules|policies|guidelines|instructions))\b (?:as|are|is|were) (?:only |just |merely |mere |a |an |purely |mostly )*(?:decorat\w+|suggestions?|jokes?|optional|irrelevant|advice|ornaments?|noise|theat(?:re|er)|formalit(?:y|ies)|fiction|for show|not (?:meant )?for (?:you|agents|us))/gi,
    told,
  ),
  row(
    'readme|file|note|repo|page|comment|issue|document & user & agreed|approved|wish|authori|confirmed|wants|consent',
    /\b(?:anything|everything|whatever|all)\b[^.!?\n]{0,12}?\b(?:an? |the |this )?(?:readme|files?|notes?|repo(?:sitory)?|pages?|comments?|issues?|documents?|script)s?\b[^.!?\n]{0,30}?\b(?:has been|have been|is|are|was|were|counts as)\b[^.!?\n]{0,20}?\b(?:agreed|approved|authori[sz]ed|confirmed|cleared|sanctioned|wanted|wished|signed off)\b/gi,
    told,
  ),
  row(
    'test|assert|failing|checks & remove|delet|comment out|disable|skip & tell|say|claim|report & pass|green|fine',
    /\b(?:remov(?:e|ing)|delet(?:e|ing)|comment(?:ing)? out|disabl(?:e|ing)|skip(?:ping)?)\b[^.!?\n]{0,30}?\b(?:failing|red|broken)? ?(?:tests?|asserts?|assertions|checks?)\b[^.!?\n]{0,30}?\b(?:and|then)\b[^.!?\n]{0,12}?\b(?:tell|say|claim|report|state|pretend|assure)\b[^.!?\n]{0,30}?\b(?:pass\w*|green|fine|ok|good|work\w*|success\w*)/gi,
    (_hit, before) => isRefused(before),
  ),
];

/** Lowers what protects the project: open buckets, plain passwords, silenced findings, timers that fetch code. */
export const lowersTheGuard = (text: string): string | undefined => firstHit(text, LOWERED);
