import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ReportModel } from '../../../src/report/model.ts';
import { embeddedJson, renderPage } from '../../../src/report/render-page.ts';

const MODEL: ReportModel = {
  schema_version: 1,
  program: '0.0.0',
  generated_at: '2026-11-20T10:00:00Z',
  home: '</script><script>alert(1)</script>',
  language: null,
  opens_at: null,
  buckets: [],
  archived: [],
  left_out: [],
  cost: { today: { day: '2026-11-20', calls: 0, tokens: 0 }, limits: { calls: 1, tokens: 1 }, days: [] },
  health: [],
};
const ASSETS = { script: 'document.title = "1";', style: 'p { color: red }' };
const sumOf = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('the page', () => {
  test('allows its own script and style by their sums, images from itself, and nothing else', () => {
    const page = renderPage(MODEL, ASSETS);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${sumOf(ASSETS.script)}'`,
      `style-src 'sha256-${sumOf(ASSETS.style)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  test('asks nobody for anything', () => {
    expect(renderPage(MODEL, ASSETS)).not.toMatch(/\b(?:src|href)="(?!data:)|https?:|@import|url\(/);
  });

  test('holds its data as JSON that is no markup and reads back as it was', () => {
    const page = renderPage(MODEL, ASSETS);
    const data = /<script type="application\/json" id="model">([^<]*)<\/script>/.exec(page)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual(MODEL);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });

  test('any text survives the embedding', () => {
    const text = '</script><!--\u2028\u2029]]>&amp;"\\u003c\uD800';
    expect(JSON.parse(embeddedJson({ text }))).toEqual({ text });
    expect(embeddedJson({ text })).not.toMatch(/[<>&\u2028\u2029]/);
  });

  test('has the language that was asked for from its first byte', () => {
    expect(renderPage({ ...MODEL, language: 'zh' }, ASSETS)).toContain('<html lang="zh-Hans">');
    expect(renderPage(MODEL, ASSETS)).toContain('<html lang="en">');
  });

  test('is not made without its script, nor with one that would close itself', () => {
    expect(() => renderPage(MODEL, { ...ASSETS, script: '' })).toThrow('built program');
    expect(() => renderPage(MODEL, { ...ASSETS, script: 'a = "</script>"' })).toThrow('closes its element');
    expect(() => renderPage(MODEL, { ...ASSETS, style: '</STYLE>' })).toThrow('closes its element');
  });
});
