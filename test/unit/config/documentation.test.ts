import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_TEMPLATE } from '../../../src/config/config-template.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { SETTING_VARIABLES } from '../../../src/config/setting-variables.ts';
import { settingKeys } from '../../../src/config/setting-keys.ts';
import { written } from '../../../src/config/written-names.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';

const page = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6 && cells[1]?.startsWith('`'))
  .map(([, key = '', usual = '', env = '']) => ({ key: key.replaceAll('`', ''), usual, env }));

const asWritten = (value: unknown): string =>
  value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

/** Defaults as the page writes them. */
function defaults(value: unknown, at: string[] = []): [string, string][] {
  if (!isRecord(value)) return [[at.join('.'), asWritten(value)]];
  return Object.entries(value).flatMap(([key, inner]) => defaults(inner, [...at, written(key)]));
}

describe('docs/configuration.md', () => {
  it('has a row for every key, and for no other', () => {
    expect(rows.map(({ key }) => key)).toEqual(settingKeys());
  });

  it('tells the defaults as they are', () => {
    const told = new Map(rows.map(({ key, usual }) => [key, usual]));
    const meant = defaults(DEFAULT_SETTINGS).filter(([key]) => told.has(key));
    expect(meant.map(([key]) => [key, told.get(key)])).toEqual(meant);
  });

  it('names every variable that stands for a setting', () => {
    const named = rows.map(({ env }) => env).join(' ');
    for (const variable of SETTING_VARIABLES) expect(named).toContain(`\`${variable}\``);
  });
});

describe('the template of config init', () => {
  const open = CONFIG_TEMPLATE.replaceAll(/^# (?=[a-z_]+ = |"\/|\[)/gm, '');

  it('is valid as it is, and asks nobody', () => {
    const { errors, warnings, settings } = parseConfig(CONFIG_TEMPLATE);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(settings.every(({ path: [section] }) => section === 'profiles')).toBe(true);
  });

  it('shows every key with its default', () => {
    const { errors, warnings, settings } = parseConfig(open);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    const shown = new Map(settings.map(({ writtenPath, value }) => [writtenPath.join('.'), value]));
    for (const key of settingKeys().filter((known) => !known.includes('<name>')))
      expect(CONFIG_TEMPLATE).toMatch(new RegExp(`^(?:# )?${key.split('.').at(-1)} = `, 'm'));
    const meant = defaults(DEFAULT_SETTINGS).filter(([key]) => shown.has(key) && key !== 'active_profile');
    expect(meant.map(([key]) => [key, asWritten(shown.get(key))])).toEqual(meant);
  });
});
