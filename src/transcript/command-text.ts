import { isRecord, textOr } from '../contracts/json.ts';

const SHELL = /(?:^|[\\/])(?:ba|z|da|k|fi)?sh(?:\.exe)?$/u;
const POWERSHELL = /(?:^|[\\/])(?:powershell|pwsh)(?:\.exe)?$/iu;
const CMD = /(?:^|[\\/])cmd(?:\.exe)?$/iu;

/** An argument vector as a person would type it; `bash -lc X` is X. */
export function commandLine(argv: readonly unknown[]): string {
  const words = argv.filter((word) => typeof word === 'string');
  const [program = '', flag = '', script] = words;
  if (script !== undefined && words.length === 3 && isScriptFlag(program, flag)) return script.trim();
  return words.map(quoted).join(' ').trim();
}

function isScriptFlag(program: string, flag: string): boolean {
  if (SHELL.test(program)) return /^-[a-z]*c$/u.test(flag);
  if (POWERSHELL.test(program)) return /^-c(?:ommand)?$/iu.test(flag);
  return CMD.test(program) && /^\/c$/iu.test(flag);
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./~-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Names under which Codex versions offered a shell to the model. */
const SHELL_TOOLS = new Set([
  'shell',
  'shell_command',
  'exec_command',
  'container.exec',
  'local_shell',
  'unified_exec',
]);

/** The command line of a function call; undefined when the tool is no shell or the arguments are broken. */
export function calledCommand(name: string, argumentsText: unknown): string | undefined {
  if (!SHELL_TOOLS.has(name)) return undefined;
  const parsed = isRecord(argumentsText) ? argumentsText : parsedRecord(textOr(argumentsText, ''));
  const command = parsed?.['command'] ?? parsed?.['cmd'];
  if (Array.isArray(command)) return commandLine(command);
  return typeof command === 'string' && command.trim() !== '' ? command.trim() : undefined;
}

/** What a shell call returned; the exit code is null when nothing tells it (still running, declined). */
export interface CallOutput {
  exitCode: number | null;
  output: string;
}

/** Reads the four shapes that Codex versions gave to a shell call's output. */
export function callOutput(output: unknown): CallOutput {
  if (isRecord(output)) return fromRecord(output);
  if (Array.isArray(output))
    return callOutput(output.map((part) => (isRecord(part) ? textOr(part['text'], '') : '')).join('\n'));
  const text = textOr(output, '');
  const record = text.startsWith('{') ? parsedRecord(text) : undefined;
  if (record && ('output' in record || 'metadata' in record)) return fromRecord(record);
  const code = /^(?:Exit code: |Process exited with code )(-?\d+)$/mu.exec(headOf(text));
  return { exitCode: code?.[1] === undefined ? null : Number(code[1]), output: bodyOf(text) };
}

function fromRecord(record: Record<string, unknown>): CallOutput {
  const metadata = record['metadata'];
  const code = isRecord(metadata) ? metadata['exit_code'] : record['exit_code'];
  const inner = record['output'] ?? record['content'];
  if (typeof code === 'number') return { exitCode: code, output: textOr(inner, '') };
  return typeof inner === 'string' ? callOutput(inner) : { exitCode: null, output: '' };
}

const OUTPUT_MARK = /^Output:\n/mu;

/** The lines before `Output:`: only there the exit code is Codex's word and not the program's. */
const headOf = (text: string): string => text.slice(0, OUTPUT_MARK.exec(text)?.index ?? 400);

function bodyOf(text: string): string {
  const mark = OUTPUT_MARK.exec(text);
  return mark ? text.slice(mark.index + mark[0].length) : text;
}

/** Paths that a patch in Codex's own format touches. */
export function patchedPaths(patch: string): string[] {
  const paths: string[] = [];
  for (const [, path] of patch.matchAll(/^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+)$/gmu)) {
    if (path !== undefined) paths.push(path.trim());
  }
  return paths;
}

function parsedRecord(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
