import type { Finding } from './finding.ts';
import { groupOf } from './find-credentials.ts';

/** A password in a command: in quotes with all its blanks, in quotes that are escaped, or up to the next blank. */
const passwordOf = (shortest: number, before = '', bare = ''): string =>
  [
    String.raw`"${before}([^"\n]{${shortest},400})"`,
    String.raw`'${before}([^'\n]{${shortest},400})'`,
    String.raw`\\{1,3}"${before}([^"\\\n]{${shortest},400})\\{1,3}"`,
    String.raw`["']?${bare}${before}([^\s"']{${shortest},400})`,
  ].join('|');
const USER = String.raw`[^\s:"']{1,100}:`;

/** Well-known programs, and the flags behind which they take a password. */
const COMMANDS: readonly RegExp[] = [
  [String.raw`\bcurl\b[^\n|;]{0,400}?\s(?:-u|--user|--proxy-user|-U)[ =]?`, passwordOf(1, USER)],
  [String.raw`\b(?:http|https|xh)\b[^\n|;]{0,200}?\s(?:-a|--auth)[ =]`, passwordOf(1, USER)],
  [String.raw`\bsshpass\s+-p\s?`, passwordOf(1)],
  [String.raw`\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,200}?\s-p`, passwordOf(3, '', '(?!-)')],
  [String.raw`\b(?:docker|podman|helm registry|az acr|oc)\s+login\b[^\n|;]{0,200}?\s-p[ =]?`, passwordOf(3)],
  [String.raw`\bredis-cli\b[^\n|;]{0,200}?\s-a[ =]?`, passwordOf(3)],
  [String.raw`\s-?pass(?:in|out)?[ =](?:pass:)`, passwordOf(3)],
  [String.raw`\bhtpasswd\s+-[a-zA-Z]{0,8}b[a-zA-Z]{0,8}\s+\S{1,200}\s+\S{1,100}\s+`, passwordOf(3)],
  [String.raw`\bmachine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+`, String.raw`(\S{3,400})`],
  [
    String.raw`\b(?:echo|printf)\s+["']?`,
    String.raw`([^\s"'|]{6,200})["']?\s*\|\s*(?:sudo\s+-S|docker login|chpasswd)`,
  ],
].map(([command = '', password = '']) => new RegExp(`${command}(?:${password})`, 'g'));

/** Passwords on command lines. */
export const findCommandPasswords = (text: string): Finding[] =>
  COMMANDS.flatMap((pattern) =>
    Array.from(text.matchAll(pattern)).flatMap((match) =>
      groupOf(
        match,
        match.findIndex((group, index) => index > 0 && group !== undefined),
        'password',
      ),
    ),
  );
