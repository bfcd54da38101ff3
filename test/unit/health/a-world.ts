import fs from 'node:fs';
import path from 'node:path';
import type { World } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

/** A world in a temporary folder whose clock the test sets. */
export interface TimedWorld extends World {
  at(iso: string): void;
  logged: { event: string; facts: Record<string, unknown> }[];
}

export function aWorld(env: Record<string, string> = {}): TimedWorld {
  const folder = tempFolder();
  const home = path.join(folder, 'home');
  fs.mkdirSync(home, { mode: 0o700 });
  let now = new Date('2026-11-20T12:00:00Z');
  const logged: TimedWorld['logged'] = [];
  return {
    home,
    env: { HOME: folder, CODEX_HOME: path.join(folder, 'codex'), ...env },
    clock: { now: () => now },
    diagnostics: { log: (event, facts = {}) => void logged.push({ event, facts }) },
    at: (iso) => void (now = new Date(iso)),
    logged,
  };
}

export const homeFile = (world: World, name: string): string => path.join(world.home, name);

export const readHomeJson = (world: World, name: string): unknown =>
  JSON.parse(fs.readFileSync(homeFile(world, name), 'utf8'));

export function writeHome(world: World, name: string, content: unknown): void {
  const file = homeFile(world, name);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
}
