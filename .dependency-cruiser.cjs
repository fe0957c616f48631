// Which folder of src/ may import which: down this list, never up. `npm run check:imports` holds it.

/** What each folder may import beside itself. Files of src/ itself put the folders together and may import them all. */
const mayImport = {
  domain: [],
  platform: ['domain'],
  authentication: ['domain'],
  config: ['authentication', 'domain'],
  orchestration: ['domain'],
  persistence: ['domain', 'platform', 'config'],
  messaging: ['domain', 'platform', 'config'],
  transitions: ['orchestration', 'persistence', 'messaging', 'platform', 'domain'],
  flowRuns: ['transitions', 'orchestration', 'persistence', 'messaging', 'platform', 'domain'],
  operations: ['transitions', 'orchestration', 'persistence', 'messaging', 'platform', 'domain'],
  background: ['transitions', 'persistence', 'config', 'platform', 'domain'],
  upstream: ['transitions', 'orchestration', 'persistence', 'messaging', 'config', 'platform', 'domain'],
  http: [
    'operations',
    'flowRuns',
    'transitions',
    'messaging',
    'authentication',
    'config',
    'platform',
    'domain',
  ],
};

/** Packages that one folder alone may import. */
const onlyIn = {
  persistence: ['typeorm', 'mysql2', 'libsql', 'tarn'],
  messaging: ['ioredis', 'bullmq'],
  http: ['graphql', 'graphql-yoga', '@graphql-yoga/.*', 'graphql-ws', '@pothos/.*', '@envelop/.*', 'hono'],
  upstream: ['undici'],
  'http|upstream': ['ws'],
};

/** The one file elsewhere that parses GraphQL: a manifest with a broken document must prevent the start. */
const parsesManifest = '^src/config/trustedDocuments\\.ts$';

const pathOf = (...names) => `^src/(${names.join('|')})/`;

const folders = Object.entries(mayImport).map(([folder, others]) => ({
  name: `src/${folder} imports ${others.length === 0 ? 'no other folder' : `only ${others.join(', ')}`}`,
  severity: 'error',
  from: { path: pathOf(folder) },
  to: { path: '^src/', pathNot: pathOf(folder, ...others) },
}));

const packages = Object.entries(onlyIn).map(([folder, names]) => ({
  name: `only src/${folder} imports ${names.join(', ')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/(${folder})/`, ...(folder === 'http' ? [parsesManifest] : [])] },
  to: { path: `(^|node_modules/)(${names.join('|')})(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...folders,
    ...packages,
    {
      name: 'the product imports none of its tests and tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|chaos|demo|fuzz|soak|scripts)/' },
    },
    {
      name: 'the command line uses the public API only, apart from the commands in cli/local',
      severity: 'error',
      from: { path: '^cli/', pathNot: '^cli/local/' },
      to: { path: '^(src|test|bench|chaos|demo|fuzz|soak|scripts|console)/' },
    },
    {
      name: 'the product imports nothing of the command line',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^cli/' },
    },
    { name: 'no module imports itself through others', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
    },
  },
};
