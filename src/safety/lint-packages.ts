import { isRefused } from './lint-patterns.ts';

/** Packages that everybody installs; a name one slip away from one of them is a trap. */
const POPULAR = new Set(
  'lodash express axios react-dom typescript webpack chalk commander moment dotenv mongoose mongodb cross-env nodemon electron puppeteer playwright prettier eslint jsonwebtoken socket.io body-parser underscore babel-cli babel-core discord.js bootstrap tailwindcss postcss rimraf minimist inquirer winston request-promise graphql passport sequelize angular jquery svelte fastify redux react-router vitest mocha bluebird validator cheerio node-fetch http-proxy serverless firebase gulp-util opencv.js colors coffee-script shadcn openai anthropic langchain tiktoken transformers requests urllib3 numpy pandas scipy tensorflow pytorch matplotlib scikit-learn django flask fastapi pydantic sqlalchemy celery boto3 botocore beautifulsoup4 selenium cryptography pillow pytest setuptools virtualenv python-dateutil python-dotenv jinja2 werkzeug gunicorn uvicorn aiohttp paramiko psycopg2 pymongo colorama opencv-python pyyaml simplejson tqdm poetry streamlit huggingface-hub jupyter ipython serde tokio reqwest clap anyhow rustls rails nokogiri sidekiq devise rest-client bundler fastlane'.split(
    ' ',
  ),
);
/** Packages that are near one of the above and honest. */
const HONEST = new Set(
  'python request color requests2 preact lodash-es lodash.merge chai mocha react reacts axios-mock electrons moments numpydoc panda express-js expresso tslint eslint_d prettierd esbuild vite jquery-ui boto boto2 psycopg psycopg3 pymongoarrow httpx2 http httpxs aiohttp-retry jinja scipy-stubs django-rest flask-cors flasgger requests-oauthlib pytest-cov pydantic2 serde_json clap2 rail svelte-kit crypto-js node-fetch-native graphqls colour pytorch-lightning torch jest selenium-wire colorette commando commanders validators transformer bundle poetry-core tokio-util bootstrap5 angularjs rustls-tls scikit-image opencv celeryd pillows devises celery-types'.split(
    ' ',
  ),
);
const BY_BARE_NAME = new Map([...POPULAR].map((name) => [bare(name), name]));

function bare(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '');
}

/** True when one insertion, deletion, exchange or transposition of neighbours turns one word into the other. */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

const SHORTEST = 5;

/** The popular package that a name imitates. */
function imitated(name: string): string | undefined {
  const plain = name.toLowerCase();
  if (plain.length < SHORTEST || /^[A-Z_]+$/.test(name) || POPULAR.has(plain) || HONEST.has(plain)) return undefined;
  const same = BY_BARE_NAME.get(bare(plain));
  if (same !== undefined) return plain.replaceAll('_', '-') === same ? undefined : same;
  for (const popular of POPULAR)
    if (popular.length >= SHORTEST && isOneSlip(bare(plain), bare(popular))) return popular;
  return undefined;
}

const INSTALLS =
  /(?<![.\w])(?:npm|pnpm|yarn|bun|pip[23x]?|uv|poetry|cargo|gem|conda|go|composer|brew|npx|bunx|pnpx|uvx)\s+(?:pip\s+|tool\s+|exec\s+|run\s+)?(?:(?:install|add|get|require|dlx|i|x)\b)?\s*((?:-{1,2}[\w-]+(?:=\S+)?\s+)*)((?:[\w@][\w./@-]*(?:[=<>~!^]=?[\w.*]+)?[ ,]{0,2}){1,8})/g;
const REPLACES =
  /\b(?:replac\w*|swap\w*|substitut\w*|prefer|use|switch(?:ed|ing)?|migrat\w+|depends? on|dependency|package|requires?|needs?|imports?|add)\b[^.!?\n]{0,60}/gi;
const TALKS_OF_IT =
  /\b(?:typo|squat|malware|malicious|beware|fake|misspel\w*|mistyped|impostor|look-?alike|not the|removed|banned|attack|never|do not|don't|instead of|was compromised|confus\w+|fork of our own)\b/i;

const versionless = (word: string): string => word.replace(/(?<=.)[@=<>~!^].*$/, '').replace(/[.,;:]+$/, '');

function trapIn(words: readonly string[]): string | undefined {
  for (const word of words) {
    const popular = imitated(versionless(word));
    if (popular !== undefined) return `${versionless(word)}, one slip from ${popular}`;
  }
  return undefined;
}

/** A name in an install command and another in the text, of which one reads like a slip of the other. */
function twinIn(text: string, words: readonly string[]): string | undefined {
  const names = new Set(text.toLowerCase().match(/(?<![\w./@-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+(?![\w/])/g) ?? []);
  for (const word of words.map(versionless)) {
    if (word.length < 6 || !/[a-z]-[a-z]/.test(word)) continue;
    for (const name of names)
      if (name !== word && name.at(-1) === word.at(-1) && name.length === word.length && isOneSlip(word, name))
        return `${word}, one slip from ${name}`;
  }
  return undefined;
}

const around = (text: string, start: number, length: number): string =>
  text.slice(Math.max(0, start - 80), start + length + 80);

/** Installs a package whose name is one slip away from a well-known one, or has one replaced by it. */
export function installsAnImpostor(text: string): string | undefined {
  for (const hit of text.matchAll(INSTALLS)) {
    const words = (hit[2] ?? '').split(/[\s,]+/);
    const trap = trapIn(words) ?? twinIn(text, words);
    if (trap === undefined || isRefused(text.slice(0, hit.index))) continue;
    if (!TALKS_OF_IT.test(around(text, hit.index, hit[0].length))) return trap;
  }
  for (const hit of text.matchAll(REPLACES)) {
    const words = hit[0].split(/[\s,`"'()]+/);
    const trap = trapIn(words.filter((word) => /^[a-z][\w.-]{3,}$/.test(word)));
    const told = around(text, hit.index, hit[0].length).replaceAll(/instead of/gi, ' ');
    if (trap === undefined || TALKS_OF_IT.test(told)) continue;
    if (words.some((word) => POPULAR.has(versionless(word)))) return trap;
  }
  return undefined;
}
