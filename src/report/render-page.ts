import { sha256 } from '../kernel/digest.ts';
import type { ReportModel } from './model.ts';
import type { PageAssets } from './page-assets.ts';

/** Id of the element that holds the model; `page/main.ts` reads it. */
const MODEL_ID = 'model';

/**
 * The whole page as one text. It asks nobody for anything: its policy allows exactly the script and the style sheet that
 * are in it, by their sums, images from itself, and no other source; and no text ever becomes markup.
 */
export function renderPage(model: ReportModel, assets: PageAssets): string {
  const script = closed(assets.script);
  const style = closed(assets.style);
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${sumOf(script)}'`,
    `style-src 'sha256-${sumOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    // Even a mistake of ours cannot make markup of a text: the browser throws.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${model.language === 'zh' ? 'zh-Hans' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>csep</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript><p>This page needs JavaScript to be readable. It loads nothing and sends nothing. / 此页面需要 JavaScript 才能显示，它不加载也不发送任何内容。</p></noscript>
<div id="page"></div>
<script type="application/json" id="${MODEL_ID}">${embeddedJson(model)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that no parser of HTML can mistake for the end of its element, and no older one of JavaScript for a line end. */
export const embeddedJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });

const sumOf = (text: string): string => Buffer.from(sha256(text), 'hex').toString('base64');

/** Our own script or style sheet; that it contains its own end is a mistake in the build, and would end the page there. */
function closed(text: string): string {
  if (text === '') throw new Error('the page has no script or style sheet: it can be made by the built program only');
  if (/<\/(?:script|style)|<!--/i.test(text))
    throw new Error('the script or style sheet of the page closes its element');
  return text;
}
