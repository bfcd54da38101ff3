import { clauseBefore, firstHit, row, type Row } from './lint-patterns.ts';

const BACKDOORS: Row[] = [
  row(
    '/dev/tcp|nc |ncat|netcat|mkfifo|socat',
    /\b(?:bash|sh|zsh)\s+-i\s*(?:>&|&>|<)\s*\/dev\/tcp\/|\b(?:nc|ncat|netcat)\s+(?:-\w+\s+){0,4}[^\n]{0,60}?-\w*[ec]\w*\s+(?:\/bin\/)?(?:ba)?sh\b|mkfifo\s+\S+[^\n]{0,80}?\|\s*(?:nc|ncat)\b|socat\s+[^\n]{0,80}?exec:/gi,
  ),
  row(
    'authorized_keys',
    /(?:>>|tee -a|append|add|write|echo|put|install)[^\n]{0,120}?authorized_keys\b(?=[^\n]{0,80})/gi,
  ),
  row(
    'rc|profile|crontab|hosts & >>|tee -a',
    /(?:>>|tee -a)\s*(?:~|\$HOME|\/home\/\w+|\/etc)\/?\.?(?:bashrc|zshrc|profile|bash_profile|zprofile|crontab|rc\.local|hosts)\b[^\n]{0,20}/g,
  ),
  row(
    'crontab|schtasks|launchctl|systemctl',
    /\b(?:crontab|schtasks|launchctl|systemctl (?:--user )?enable)\b[^\n]{0,120}?\b(?:curl|wget|nc|bash -c|\/tmp\/)/gi,
  ),
  row(
    'rm -',
    /\brm\s+-[a-z]*r[a-z]*f?[a-z]*\s+(?:--no-preserve-root\s+)?(?:\/(?!\w)|~\/?(?=[\s`"']|$)|\$HOME\b|\/\*|\/(?:etc|usr|home|var)\b(?!\/\w+\/))/gi,
    (_hit, before, after) =>
      /\b(?:caused|incident|was|were|ran|avoid|dangerous|prevent|blocks?|refuses?|rejects?|guard|protects?|accident|never|not (?:be )?(?:run|used|allowed)|forbidden|do not|don't)/i.test(
        `${clauseBefore(before)} ${after.slice(0, 60)}`,
      ),
  ),
  row(
    '/dev/|}',
    /:\(\)\s*\{\s*:\|:&\s*\};:|\bdd if=\/dev\/(?:zero|urandom) of=\/dev\/(?:sd|nvme|disk)|\bmkfs\.\w+\s+\/dev\//g,
  ),
  row('alias', /\balias\s+(?:sudo|ssh|git|npm|ls|cd)=["'][^"'\n]{0,120}?(?:curl|wget|nc |\/tmp\/|base64)/g),
  row(
    'git config|git  config',
    /\bgit\s+config\s+(?:--global\s+)?(?:core\.(?:hooksPath|sshCommand|fsmonitor|pager|editor)|credential\.helper|url\.\S+\.insteadOf)\s+[^\n]{0,120}?(?:https?:\/\/|curl|wget|\/tmp\/|!)/g,
  ),
  row('crontab', /\|\s*crontab\s+-(?=[\s`"']|$)/g),
];

/** Opens the machine to somebody, or wrecks it. */
export const plantsABackdoor = (text: string): string | undefined => firstHit(text, BACKDOORS);
