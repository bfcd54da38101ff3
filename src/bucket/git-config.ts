/**
 * Reads one setting from the text of a git configuration file, by git's own rules (git-config(1),
 * "Syntax"): names without regard to case, values with quotes, escapes, comments and continued
 * lines; the last one wins. Includes are not followed: git does not follow them for `core.worktree` either.
 *
 * @param section name of a section without a subsection, such as `core`
 * @returns undefined when the setting is missing or has no value
 */
export function gitSetting(text: string, section: string, key: string): string | undefined {
  const source = text.replaceAll('\r\n', '\n');
  let inSection = false;
  let found: string | undefined;
  for (let position = 0; position < source.length;) {
    const [token = '', header, subsection, name] = TOKEN.exec(source.slice(position, position + MAX_TOKEN)) ?? [];
    position += token.length;
    if (header !== undefined) {
      inSection = subsection === undefined && header.toLowerCase() === section.toLowerCase();
    } else if (name !== undefined) {
      const value = valueAt(source, position);
      if (inSection && name.toLowerCase() === key.toLowerCase()) found = value.text;
      position = value.end;
    } else {
      // A comment, a name without a value or something foreign: nothing that counts on this line.
      position = lineEnd(source, position) + 1;
    }
  }
  return found;
}

/** `[core]`, `[remote "origin"]`, the old `[remote.origin]`, or a name with its `=`. */
const TOKEN = /^\s*(?:\[\s*([A-Za-z0-9-]+)\s*("(?:[^"\\\n]|\\.)*"|\.[^\]\n]*)?\s*\]|([A-Za-z][A-Za-z0-9-]*)[ \t]*=)/;

/** Longer than any section or name that git writes. */
const MAX_TOKEN = 4096;

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', b: '\b', '\n': '' };

function lineEnd(source: string, position: number): number {
  const end = source.indexOf('\n', position);
  return end < 0 ? source.length : end;
}

/**
 * The value from behind the `=` to the end of its line, without quotes, escapes and comment.
 * A backslash at the end of a line continues it, except in a comment; blanks around count only inside quotes.
 */
function valueAt(source: string, start: number): { text: string; end: number } {
  let text = '';
  /** How much of the text stays when unquoted blanks at its end are dropped. */
  let kept = 0;
  let quoted = false;
  let position = start;
  for (; position < source.length && source[position] !== '\n'; position++) {
    const character = source.charAt(position);
    if (!quoted && (character === '#' || character === ';'))
      return { text: text.slice(0, kept), end: lineEnd(source, position) };
    if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && isBlank(character)) {
      if (text !== '') text += character;
    } else {
      text += character === '\\' ? unescaped(source.charAt(++position)) : character;
      kept = text.length;
    }
  }
  return { text: text.slice(0, kept), end: position };
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t';
const unescaped = (character: string): string => ESCAPES[character] ?? character;
