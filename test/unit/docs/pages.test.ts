import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (name: string): string => fs.readFileSync(path.join(ROOT, name), 'utf8');

const ENGLISH = 'README.md';
const CHINESE = 'README.zh-CN.md';
const PAGES = [
  ...fs.readdirSync(ROOT),
  ...fs.readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replaceAll('\\', '/'));

const CODE = /^```.*?^```$/gms;

/** Fenced blocks, without what stands for a reader's eyes only: comments behind commands, and samples of output. */
function shellBlocks(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.map((block) => block.replaceAll(/[ \t]+# .*$/gm, ''));
}

/** First cells of the table that has a column of examples, and these. */
function commandTable(page: string): { command: string; example: string }[] {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|.*\| `(csep [^`]*)` +\|$/gm)];
  return rows.map(([, command = '', example = '']) => ({ command, example }));
}

/** Names in the tree of commands; it is not exported, and loading it would start nothing but citty. */
function tree(): string[] {
  const rows = [...read('src/commands/main.ts').matchAll(/^ +'?([a-z-]+)'?: async \(\) => \(await import\(/gm)];
  return rows.map(([, name = '']) => name);
}

/** Spans of code, in the order of the page. */
const codeSpans = (page: string): string[] =>
  [...page.replaceAll(CODE, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

/** What a heading is called in a link, as forges do it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

function linksOf(page: string): string[] {
  const text = page.replaceAll(CODE, '').replaceAll(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

const linksToOtherPages = (name: string): string[] =>
  [...new Set(linksOf(read(name)).filter((link) => !link.startsWith('README')))].toSorted();

const sections = (name: string): number => [...read(name).matchAll(/^## /gm)].length;

function brokenLinks(name: string): string[] {
  return linksOf(read(name)).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [target = '', part] = link.split('#');
    const file = target === '' ? name : path.join(path.dirname(name), target);
    if (!fs.existsSync(path.join(ROOT, file))) return true;
    if (part === undefined || !file.endsWith('.md')) return false;
    const headings = [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchor(heading));
    return !headings.includes(decodeURIComponent(part));
  });
}

describe('the table of commands', () => {
  test('has exactly the commands of the program', () => {
    expect(tree().length).toBeGreaterThan(15);
    const commands = commandTable(read(ENGLISH)).map(({ command }) => command);
    expect(commands.toSorted()).toEqual(tree().toSorted());
  });

  test('gives an example of the command that it is about', () => {
    const rows = commandTable(read(ENGLISH));
    expect(rows.filter(({ command, example }) => example.split(' ')[1] !== command)).toEqual([]);
  });
});

describe('the two languages of the README', () => {
  test('have the same table of commands, in the same order', () => {
    expect(commandTable(read(CHINESE))).toEqual(commandTable(read(ENGLISH)));
  });

  test('have the same shell blocks', () => {
    expect(shellBlocks(read(CHINESE))).toEqual(shellBlocks(read(ENGLISH)));
    expect(shellBlocks(read(ENGLISH)).length).toBeGreaterThan(2);
  });

  test('name the same commands, files and variables', () => {
    const [english, chinese] = [ENGLISH, CHINESE].map((name) => [...new Set(codeSpans(read(name)))].toSorted());
    expect(chinese).toEqual(english);
  });

  test('link to the same pages', () => {
    expect(linksToOtherPages(CHINESE)).toEqual(linksToOtherPages(ENGLISH));
  });

  test('have as many sections', () => {
    expect(sections(CHINESE)).toEqual(sections(ENGLISH));
  });
});

describe.each(PAGES)('%s', (name) => {
  test('links to what is there', () => {
    expect(brokenLinks(name)).toEqual([]);
  });

  test('names no path of the machine that it was written on', () => {
    expect(read(name)).not.toMatch(/\/(?:root|work|home\/[a-z]+|Users\/[a-z]+|tmp\/t)\//);
  });
});

test('every page of the documentation is in its index', () => {
  const listed = linksOf(read('docs/README.md'));
  const pages = PAGES.filter((name) => name.startsWith('docs/') && name !== 'docs/README.md');
  expect(pages.filter((name) => !listed.includes(name.slice('docs/'.length)))).toEqual([]);
});

describe('docs/troubleshooting.md', () => {
  test('names checks that doctor has', () => {
    // That page is held to the program by a test of its own.
    const checks = [...read('docs/doctor.md').matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, check]) => check);
    const column = /^\|[^|]*\|([^|]*)\|[^|]*\|$/gm;
    const [symptoms = ''] = read('docs/troubleshooting.md').split('## The installer refuses');
    const cells = [...symptoms.matchAll(column)].map(([, cell = '']) => cell);
    const named = cells.flatMap((cell) => codeSpans(cell)).filter((span) => !span.startsWith('csep'));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((check) => !checks.includes(check))).toEqual([]);
  });
});

describe('docs/privacy.md', () => {
  const sources = fs
    .readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: name.replaceAll('\\', '/'), text: read(`src/${name}`) }));

  test('lists every address that is built into reviewers', () => {
    const asking = sources.filter(({ name }) => /^(?:reviewer|agents)\//.test(name));
    const built = asking.flatMap(({ text }) => text.match(/https:\/\/api\.[^'"`\s]+/g) ?? []);
    const page = read('docs/privacy.md');
    expect(built.length).toBeGreaterThan(3);
    expect(built.filter((address) => !page.includes(`\`${address}\``))).toEqual([]);
  });

  test('is right that two files go through the door to the network', () => {
    const through = sources.filter(({ text }) => /^import (?!type)[^;]*kernel\/http\.ts/m.test(text));
    expect(through.map(({ name }) => name).toSorted()).toEqual(['agents/ask-http.ts', 'health/ask-provider.ts']);
  });
});
