import type { ArgDef, ArgsDef } from 'citty';

/** What a command's help is made from. */
export interface UsageOf {
  /** As it is called: program, command, sub-command. */
  names: readonly string[];
  version: string;
  /** With examples at its end, in brackets: `(example: …)`, `(examples: …; …)` or, where none has a comma, `(examples: …, …)`. */
  description: string;
  args: ArgsDef;
  /** Name and description. */
  commands: readonly (readonly [string, string])[];
}

/** How it is shown. */
export interface UsageStyle {
  /** Columns, of which at most MOST_COLUMNS are used. */
  columns: number;
  colours: boolean;
}

/** Longer lines are hard to read, and a help is often pasted. */
export const MOST_COLUMNS = 100;
const LEAST_COLUMNS = 40;
/** A label that is longer than this has a line of its own. */
const LONGEST_LABEL = 24;

/** The help of one command as text; no line is longer than the columns, except for a word that is. */
export function renderUsage(of: UsageOf, style: UsageStyle): string {
  const width = Math.max(LEAST_COLUMNS, Math.min(style.columns, MOST_COLUMNS));
  const { summary, examples } = parted(of.description);
  const [program = ''] = of.names;
  const called = of.names.join(' ');
  const flags = Object.entries(of.args).filter(([, { type }]) => type !== 'positional');
  const words = Object.entries(of.args).filter(([, { type }]) => type === 'positional');
  const table = (title: string, rows: readonly Row[]): string[] =>
    rows.length === 0 ? [] : [heading(title, style), ...rowLines(rows, width), ''];
  return [
    ...wrapped(`${called} ${of.version}: ${summary}`, width),
    '',
    `${heading('Usage', style)}  ${[called, ...usageWords(of, { flags, words })].join(' ')}`,
    '',
    ...table(
      'Arguments',
      words.map(([name, arg]) => [name.toUpperCase(), described(arg)]),
    ),
    ...table(
      'Options',
      flags.map(([name, arg]) => [flagLabel(name, arg), described(arg)]),
    ),
    ...table(
      'Commands',
      of.commands.map(([name, description]) => [name, parted(description).summary]),
    ),
    ...(examples.length === 0
      ? []
      : [heading('Examples', style), ...examples.map((example) => `  ${program} ${example}`), '']),
    ...(of.commands.length === 0 ? [] : [`More on one of them, with examples: ${called} <command> --help`, '']),
  ]
    .join('\n')
    .trimEnd();
}

type Row = readonly [label: string, text: string];
type Named = readonly [name: string, arg: ArgDef];

function parted(description: string): { summary: string; examples: string[] } {
  const [, summary = description, list] = /^(.*) \(examples?: (.*)\)$/s.exec(description) ?? [];
  const between = list?.includes(';') ? ';' : ', ';
  const examples = list?.split(between).map((words) => words.trim().replace(/^csep /, '')) ?? [];
  return { summary, examples };
}

function usageWords(
  { commands }: UsageOf,
  { flags, words }: { flags: readonly Named[]; words: readonly Named[] },
): string[] {
  return [
    ...(commands.length > 0 ? ['<command>'] : []),
    ...words.map(([name, { required }]) =>
      required === false ? `[${name.toUpperCase()}]` : `<${name.toUpperCase()}>`,
    ),
    ...(flags.length > 0 ? ['[options]'] : []),
  ];
}

const flagLabel = (name: string, { type, default: byDefault, valueHint }: ArgDef): string =>
  type === 'boolean' ? `--${byDefault === true ? 'no-' : ''}${name}` : `--${name} <${valueHint ?? 'value'}>`;

/** Of a switch the default is plain, and many say it themselves. */
function described({ description = '', type, default: byDefault }: ArgDef): string {
  const isSaid = type === 'boolean' || byDefault === undefined || description.includes('default');
  return isSaid ? description : `${description} (default: ${String(byDefault)})`;
}

const heading = (title: string, { colours }: UsageStyle): string => (colours ? `\u001B[1m${title}\u001B[22m` : title);

function rowLines(rows: readonly Row[], width: number): string[] {
  const label = Math.min(LONGEST_LABEL, Math.max(...rows.map(([name]) => name.length)));
  const indent = label + 4;
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrapped(text, width - indent);
    const further = more.map((line) => ' '.repeat(indent) + line);
    if (name.length > label) return [`  ${name}`, ' '.repeat(indent) + first, ...further];
    return [`  ${name.padEnd(label)}  ${first}`.trimEnd(), ...further];
  });
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
