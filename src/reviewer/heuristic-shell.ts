/** A command line taken apart far enough to compare two of them. No shell: no expansion, no nesting. */
export interface ShellStep {
  /** As written, without the surroundings. */
  text: string;
  /** `NODE_ENV=test` and the like. */
  assignments: string[];
  /** What runs the program: `npx`, `uv run`, `sudo`, … */
  wrapper: string;
  words: string[];
}

/** The steps of a line that `&&`, `;` or a line end chain; pipes stay inside a step. */
export function stepsOf(line: string): ShellStep[] {
  return splitOutsideQuotes(line)
    .map((text) => text.trim())
    .filter((text) => text !== '' && !text.startsWith('#'))
    .map(asStep);
}

/** One piece of a line: a quotation, a separator, or anything else, as much of it as there is. */
const PIECE = /"(?:[^"\\]|\\.)*"|'[^']*'|&&|[;\n]|\\.|[^"'&;\n\\]+|./gsu;

function splitOutsideQuotes(line: string): string[] {
  const parts: string[] = [''];
  for (const [piece] of line.matchAll(PIECE)) {
    if (piece === '&&' || piece === ';' || piece === '\n') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

const WRAPPER =
  /^(?:(?:sudo|npx|bunx|pnpx|uvx|corepack|command|exec|time|env|nohup|(?:pnpm|yarn)(?: exec| dlx)|npm exec(?: --)?|(?:uv|poetry|pipenv|hatch|pdm|rye|conda) run|bundle exec|mise exec --|nix develop -c|docker(?:-| )compose (?:exec|run)(?: --rm| -t)* [\w-]+|timeout \d+\w?|python3? -m|\.?\/?(?:node_modules|vendor|\.venv|venv)\/(?:\.?bin)\/)(?:\s+(?:-y|--yes)\b)?\s*)+/u;

function asStep(text: string): ShellStep {
  const assignments: string[] = [];
  let rest = text;
  for (let found = ASSIGNMENT.exec(rest); found; found = ASSIGNMENT.exec(rest)) {
    assignments.push(found[1] ?? '');
    rest = rest.slice(found[0].length);
  }
  const wrapper = WRAPPER.exec(rest)?.[0] ?? '';
  const core = rest.slice(wrapper.length).trim();
  const words = (core === '' ? rest : core).match(/"[^"]*"|'[^']*'|\S+/gu) ?? [];
  return { text, assignments, wrapper: core === '' ? '' : wrapper.trim(), words };
}

const ASSIGNMENT = /^((?:export )?[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S*))\s+/u;

export const programOf = ({ words }: ShellStep): string =>
  (words[0] ?? '').replace(/^.*\//u, '').replace(/\.(?:exe|cmd)$/u, '');

/** Looking around: such commands fail and differ for reasons that teach nothing. */
const LOOKS =
  /^(?:ls|ll|cat|bat|head|tail|less|more|wc|stat|file|which|where|whereis|type|command|find|fd|tree|pwd|cd|echo|printf|true|false|sleep|test|\[|\[\[|grep|egrep|rg|ag|ack|diff|cmp|ps|pgrep|kill|pkill|killall|lsof|du|df|env|printenv|set|whoami|id|date|uname|history|man|sort|uniq|cut|tr|awk|nl|read|xargs|seq|clear|jobs|wait|curl|wget|ping|nc|dig|host|nslookup|open|xdg-open|readlink|realpath|basename|dirname|md5sum|sha256sum|hexdump|xxd|od|strings|source|\.)$/u;
const LOOKS_AT_GIT =
  /^(?:status|diff|log|show|blame|grep|branch|remote|rev-parse|ls-files|stash|reflog|describe|config)$/u;

export function looksAround(step: ShellStep): boolean {
  const program = programOf(step);
  if (LOOKS.test(program)) return true;
  if (program === 'sed') return !step.words.includes('-i') && !step.words.some((word) => word.startsWith('-i'));
  return program === 'git' && LOOKS_AT_GIT.test(step.words[1] ?? '');
}

/** Changes files, packages or services, so that what fails before it may work after it. */
export function changesState(step: ShellStep): boolean {
  const program = programOf(step);
  if (
    /^(?:mv|cp|rm|mkdir|touch|ln|chmod|chown|patch|tee|apply_patch|unzip|tar|rsync|systemctl|service|brew|apt|apt-get|dnf|yum|apk|pacman|createdb|dropdb|initdb)$/u.test(
      program,
    )
  )
    return true;
  if (/(?:^|[^0-9&>])>{1,2}\s*(?!\/dev\/null|&)\S/u.test(step.text)) return true;
  if (/^(?:sed|perl)$/u.test(program)) return step.words.some((word) => /^-\w*i/u.test(word));
  if (program === 'git')
    return /^(?:apply|checkout|switch|restore|reset|stash|pull|merge|rebase|clone|submodule|cherry-pick|revert|clean|am|init|lfs)$/u.test(
      step.words[1] ?? '',
    );
  return (
    /^(?:install|i|ci|add|sync|update|upgrade|remove|uninstall|up|start|restart|migrate|seed|generate|init|get|fetch|mod|lock|link|download)$/u.test(
      step.words[1] ?? '',
    ) || /^(?:pip3?|bundle|composer)$/u.test(program)
  );
}
