/**
 * Reads one setting from the text of a git configuration file, by git's own rules (git-config(1),
 * "Syntax"): names without regard to case, values with quotes, escapes, comments and continued
 * lines; the last one wins. Includes are not followed: git does not follow them for `core.worktree` either.
 *
 * @param section name of a section without a subsection, such as `core`
 * @returns undefined when the setting is missing or has no value
 */
export function gitSetting(text: string, section: string, key: string): string | undefined {
  let inSection = false;
  let found: string | undefined;
  for (const line of logicalLines(text)) {
    const header = SECTION.exec(line);
    if (header) inSection = header[2] === undefined && header[1]?.toLowerCase() === section.toLowerCase();
    const setting = SETTING.exec(header ? line.slice(header[0].length) : line);
    if (inSection && setting?.[1]?.toLowerCase() === key.toLowerCase()) found = valueOf(setting[2] ?? '');
  }
  return found;
}

/** `[core]`, `[remote "origin"]` or the old `[remote.origin]`; a setting may follow on the same line. */
const SECTION = /^\s*\[\s*([A-Za-z0-9-]+)\s*((?:"(?:[^"\\]|\\.)*"|\.[^\]]*)\s*)?\]/;
const SETTING = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=(.*)$/s;

/** Lines of the file, where one that ends in a backslash goes on in the next. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
    // An even number are escaped backslashes and end the line as any other text does.
    if (backslashes % 2 === 1) {
      open += line.slice(0, -1);
      continue;
    }
    lines.push(open + line);
    open = '';
  }
  if (open !== '') lines.push(open);
  return lines;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', b: '\b' };

/** Takes the quotes, escapes and comment off a value; blanks around it count only inside quotes. */
function valueOf(raw: string): string {
  let value = '';
  /** How much of `value` stays when unquoted blanks at its end are dropped. */
  let kept = 0;
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    let character = raw.charAt(i);
    if (character === '"') {
      quoted = !quoted;
      continue;
    }
    if (!quoted && (character === '#' || character === ';')) break;
    if (!quoted && /\s/.test(character)) {
      if (value !== '') value += character;
      continue;
    }
    if (character === '\\') {
      const escaped = raw.charAt(++i);
      character = ESCAPES[escaped] ?? escaped;
    }
    value += character;
    kept = value.length;
  }
  return value.slice(0, kept);
}
