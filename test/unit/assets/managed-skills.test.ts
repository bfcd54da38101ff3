import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isUntouched, renderSkillFile } from '../../../src/assets/managed-skills.ts';
import { Skill } from '../../../src/contracts/skills.ts';
import { sha256 } from '../../../src/kernel/digest.ts';

const skillOf = (more: Partial<Skill>): Skill =>
  v.parse(Skill, {
    skill_id: 'release-it',
    title: 'Release it',
    description: 'When a release is due',
    content: '1. Look.\n2. Run.\n3. Check.',
    ...more,
  });
const rendered = (more: Partial<Skill>): string => renderSkillFile('csep-abcdef-x', skillOf(more), 'bucket', sha256);

describe('a published skill', () => {
  test.each([
    ['\n', 'line feeds'],
    ['\r\n', 'the line ends of Windows'],
    ['\r', 'carriage returns'],
  ])('whose text has %j is as we wrote it', (end) => {
    const text = rendered({ content: ['1. Look.', '2. Run.', '3. Check.'].join(end) });
    expect(isUntouched(text, sha256)).toEqual(true);
    expect(text).toEqual(rendered({}));
  });

  test('is as we wrote it when a checkout has changed its line ends', () => {
    expect(isUntouched(rendered({}).replaceAll('\n', '\r\n'), sha256)).toEqual(true);
  });

  test('is as we wrote it when an older version wrote the line ends of Windows with their own sum', () => {
    const text = rendered({}).replace('1. Look.\n2. Run.', '1. Look.\r\n2. Run.');
    const sum = sha256(text.replace(/^<!-- csep-skill .*-->$/m, ''));
    expect(isUntouched(text.replace(/sha256=[0-9a-f]{64}/, `sha256=${sum}`), sha256)).toEqual(true);
  });

  test('is edited when a word of it has changed', () => {
    expect(isUntouched(rendered({}).replace('Look', 'Peek'), sha256)).toEqual(false);
  });

  test('has a description that is not cut within a character', () => {
    const [, head] = /^description: (.*)$/m.exec(rendered({ description: `${'a'.repeat(1023)}🎉 more` })) ?? [];
    expect(JSON.parse(head ?? '')).toEqual('a'.repeat(1023));
    const [, whole] = /^description: (.*)$/m.exec(rendered({ description: `${'a'.repeat(1022)}🎉 more` })) ?? [];
    expect(JSON.parse(whole ?? '')).toEqual(`${'a'.repeat(1022)}🎉`);
  });
});
