// @ts-check

/** The house, from the ground up. A folder may import itself and every level below its own. */
const levels = [
  ['contracts'],
  ['kernel'],
  ['safety', 'transcript'],
  ['config', 'trouble'],
  ['bucket', 'assets', 'agents'],
  ['reviewer', 'backend'],
  ['capture', 'compile', 'recall'],
  ['report'],
  ['install'],
  ['health'],
  ['hooks', 'commands'],
];

/** What a folder may import beyond that, each with its reason. */
const exceptions = [
  {
    from: 'kernel',
    to: 'safety/',
    why: 'the log is redacted by the pure built-in rules before a byte is written',
  },
];

/** Outside packages that have one door each. */
const doors = {
  'proper-lockfile': 'kernel/lock\\.ts',
  'write-file-atomic': 'kernel/render-file\\.ts',
  undici: 'kernel/http[a-z-]*\\.ts',
  citty: 'commands/',
  'smol-toml': 'config/|install/toml-document',
  '@clack/prompts': 'commands/|install/',
  '@secretlint/[a-z-]+': 'safety/',
};

/** Files that decide and never do: no clock, no disk, no process, no network. */
const pure =
  '^src/(contracts/|safety/|bucket/bucket-id\\.ts|agents/(ask|json-in-text|without-thoughts)\\.ts|assets/(covers|note-key|note-records|memory-markdown|merge-edit|similarity|tombstone|line-diff|scrub-text|managed-skills|render-mirrors|porter|recall-(terms|markdown|mirror|segment|segment-format|segment-reader|segment-render|merge-plan|merge-segments|rank|candidates|score|weights|query|record|word-lists|chunk-plan))\\.ts|' +
  'reviewer/(reviewer|prompt|read-answer|heuristic[a-z-]*)\\.ts|backend/(backend|script|run-backend|merge-[a-z]+|agent-[a-z]+|apply-[a-z-]+|choose-context|read-agent-answer|sort-out|text-overlap|write-record)\\.ts|' +
  'capture/(take-snapshot|seal-envelope|when-to-review)\\.ts|compile/(check-answer|answer-rests-on-batch|vanished-entries|plan-promotion)\\.ts|recall/(session-context|context-text)\\.ts|commands/describe\\.ts)';
const pureKernel = 'kernel/(crc32|digest|render-json|clock|home)\\.ts';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/' }, to: {} },
  { name: 'src-never-imports-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  {
    name: 'the-machine-only-through-kernel',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/kernel/' },
    to: { path: '^(node:)?(fs|fs/promises|child_process|crypto|os|http|https|net|worker_threads)$' },
  },
  {
    name: 'pure-files-stay-pure',
    severity: 'error',
    from: { path: pure },
    to: { path: '^src/', pathNot: `${pure}|^src/(contracts/|transcript/|${pureKernel})` },
  },
  {
    name: 'nobody-imports-an-edge',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(cli|csep|hook|run-bin)\\.ts$|^src/(hooks|commands|install|health)/' },
    to: { path: '^src/((cli|csep|hook|run-bin)\\.ts$|hooks/|commands/|install/|health/)' },
  },
  ...levels.flatMap((folders, level) => folders.map((folder) => mayImport(folder, level))),
  ...Object.entries(doors).map(([name, path]) => ({
    name: `one-door-for-${name}`,
    severity: /** @type {const} */ ('error'),
    from: { path: '^src/', pathNot: `^src/(${path})` },
    to: { path: `^node_modules/${name}/` },
  })),
];

/** @param {string} folder @param {number} level */
function mayImport(folder, level) {
  const below = levels
    .slice(0, level)
    .flat()
    .map((name) => `${name}/`);
  const extra = exceptions.filter((exception) => exception.from === folder).map((exception) => exception.to);
  return {
    name: `what-${folder}-may-import`,
    severity: /** @type {const} */ ('error'),
    from: { path: `^src/${folder}/` },
    to: { path: '^src/', pathNot: `^src/(${[`${folder}/`, 'version\\.ts$', ...below, ...extra].join('|')})` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
const config = {
  forbidden,
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};

export default config;
