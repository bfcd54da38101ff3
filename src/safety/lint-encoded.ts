import { firstHit, row, type Row } from './lint-patterns.ts';

const BASE64 = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,4000}={0,2}(?![A-Za-z0-9+/_-])/g;
const HEX = /(?<![0-9A-Za-z])(?:0x)?(?:[0-9a-f]{2}[\s:,]?){16,2000}(?![0-9A-Za-z])/gi;
const ESCAPED_BYTES = /(?:\\x[0-9a-f]{2}|%[0-9a-f]{2}|\\[0-7]{3}){12,1000}/gi;
const BINARY = /(?:[01]{8}[\s,]?){12,500}/g;
const CODES = /(?:\b\d{2,3}\b[\s,]{1,2}){16,500}\b\d{2,3}\b/g;
/** What is decoded must be text to matter. */
const PRINTABLE = /^[\t\n\r\x20-\x7e\u00a0-\uffff]+$/;
const MOST_BLOBS = 40;

const bytesToText = (bytes: number[]): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
    return text.length >= 8 && PRINTABLE.test(text) ? text : undefined;
  } catch {
    return undefined; // not text: a digest, an image, a key
  }
};

function decodeBase64(blob: string): string | undefined {
  try {
    return bytesToText(Array.from(atob(blob.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined; // not base64
  }
}

const numbers = (blob: string, pattern: RegExp, radix: number): number[] =>
  (blob.replaceAll(/0x|\\x|[%\\]/gi, ' ').match(pattern) ?? []).map((digits) => Number.parseInt(digits, radix));

/** Texts that are hidden in blobs of base64, hex, escapes, binary or character codes. */
export function decodedBlobs(text: string): string[] {
  const rows: [RegExp, (blob: string) => string | undefined][] = [
    [BASE64, decodeBase64],
    [HEX, (blob) => bytesToText(numbers(blob, /[0-9a-f]{2}/gi, 16))],
    [
      ESCAPED_BYTES,
      (blob) => bytesToText(/^\\[0-7]/.test(blob) ? numbers(blob, /[0-7]{3}/g, 8) : numbers(blob, /[0-9a-f]{2}/gi, 16)),
    ],
    [BINARY, (blob) => bytesToText(numbers(blob, /[01]{8}/g, 2))],
    [
      CODES,
      (blob) =>
        /\b(?:[3-9]\d|1[01]\d|12[0-6])\b/.test(blob)
          ? bytesToText(numbers(blob, /\d{2,3}/g, 10).filter((code) => code < 256))
          : undefined,
    ],
  ];
  return rows.flatMap(([pattern, decode]) =>
    [...text.matchAll(pattern)].slice(0, MOST_BLOBS).flatMap(([blob]) => decode(blob) ?? []),
  );
}

const RUNS_A_BLOB: Row[] = [
  row(
    'base64|atob|b64decode|fromcharcode|unhexlify|buffer.from & sh|eval|exec|function|iex|invoke',
    /\bbase64\s+(?:-d|-D|--decode|-di)\b[^\n]{0,80}?\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\b(?:eval|exec|Function|iex|Invoke-Expression)\b\s*\(?[^\n]{0,40}?(?:atob|b64decode|base64_decode|FromBase64String|fromCharCode|unhexlify|Buffer\.from\([^\n]{1,200}base64|base64\s+-d)/gi,
  ),
  row('powershell', /\bpowershell(?:\.exe)?\b[^\n]{0,60}?\s-(?:e|enc|encodedcommand)\s+[A-Za-z0-9+/=]{16,}/gi),
  row("xxd -r|tr 'a-za-z'|rev", /\b(?:xxd -r|tr 'A-Za-z' 'N-ZA-Mn-za-m'|rev)\b[^\n]{0,60}?\|\s*(?:ba|z|da)?sh\b/gi),
  row(
    'decode|base64|deobfuscate|decrypt|unhex|decipher|rot13|rot-13|translate & run|execute|follow|obey|eval|apply|do |act on|comply|perform|carry out|pipe',
    /\b(?:decode|un-?base64|deobfuscate|decrypt|unhex|decipher|rot-?13|translate)\b[^.\n]{0,80}?\b(?:and|then|,)\s*(?:then |silently |immediately |please )?(?:run|execute|follow|obey|eval(?:uate)?|apply|do (?:what|as|it)|act on|comply|perform|carry out|pipe)\b/gi,
  ),
  row(
    'base64|hex|rot13|rot-13|encoded|encrypted|obfuscated|decoded|hidden & follow|obey|execute|run|carry out|comply|act on',
    /\b(?:follow|obey|execute|run|carry out|comply with|act on)\b[^.\n]{0,40}?\b(?:the )?(?:base64|hex|rot-?13|encoded|encrypted|obfuscated|decoded|hidden)(?:[- ]encoded)? (?:instructions?|commands?|message|payload|text|string|script|orders|blob)\b/gi,
  ),
  row(
    '解码|解碼|解密|デコード',
    /(?:解码|解碼|解密)[^。\n]{0,20}?(?:并|然后|后|並|再)[^。\n]{0,4}?(?:执行|运行|遵循|照做|執行)|デコード(?:して|し)[^。\n]{0,16}?(?:実行|従)/g,
  ),
];

/** Runs or obeys what a reader cannot read. */
export const runsABlob = (text: string): string | undefined => firstHit(text, RUNS_A_BLOB);
