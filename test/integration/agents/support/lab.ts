import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A temporary folder with a home of ours, a user's home, and programs that pretend to be somebody. */
export interface Lab {
  root: string;
  /** Our home; private folders of runs appear in it. */
  home: string;
  env: Record<string, string>;
  /** Writes a program for Node and returns its path. It finds `note(text)`, `input()` (all of stdin) and `event(object)`. */
  program: (name: string, body: string) => string;
  /** What programs noted, in order. */
  notes: () => string[];
  /** What runs have left behind below our home. */
  left: () => string[];
  /** A file of the user's. */
  userFile: (file: string, content: string) => string;
}

const PREAMBLE = `#!${process.execPath}
const fs = require('node:fs');
const note = (text) => fs.appendFileSync(process.env.LAB_NOTES, JSON.stringify(text) + '\\n');
const input = () => fs.readFileSync(0, 'utf8');
const event = (value) => fs.writeSync(1, JSON.stringify(value) + '\\n');
`;

/** A lab for each test of a file, removed after it. */
export function withLab(): Lab {
  const lab: { now: Lab | undefined } = { now: undefined };
  beforeEach(() => {
    lab.now = newLab();
  });
  afterEach(() => fs.rmSync(lab.now?.root ?? '', { recursive: true, force: true }));
  const current = (): Lab => {
    if (!lab.now) throw new Error('a lab exists within a test only');
    return lab.now;
  };
  return {
    get root() {
      return current().root;
    },
    get home() {
      return current().home;
    },
    get env() {
      return current().env;
    },
    program: (name, body) => current().program(name, body),
    notes: () => current().notes(),
    left: () => current().left(),
    userFile: (file, content) => current().userFile(file, content),
  };
}

function newLab(): Lab {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'csep-agents-')));
  const at = (name: string): string => path.join(root, name);
  fs.mkdirSync(at('user'));
  const notesFile = at('notes.jsonl');
  return {
    root,
    home: at('home'),
    env: { PATH: process.env['PATH'] ?? '', HOME: at('user'), CODEX_HOME: at('user/.codex'), LAB_NOTES: notesFile },
    program: (name, body) => {
      fs.writeFileSync(at(name), PREAMBLE + body, { mode: 0o755 });
      return at(name);
    },
    notes: () => (fs.existsSync(notesFile) ? fs.readFileSync(notesFile, 'utf8').trim().split('\n').map(asText) : []),
    left: () => filesBelow(at('home')),
    userFile: (file, content) => {
      const target = path.join(at('user'), file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.writeFileSync(target, content);
      return target;
    },
  };
}

function asText(line: string): string {
  const value: unknown = JSON.parse(line);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const filesBelow = (folder: string): string[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { recursive: true })
        .map(String)
        .filter((name) => name !== 'agent-runs')
    : [];

/** Whether a process of that id runs and is no zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}
