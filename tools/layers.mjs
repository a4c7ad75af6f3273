// The layer law of the house: who may import whom. The one place where it is written; tools/layers.test.ts plants violations.
// Enforced by eslint, so that it holds for type imports too and needs no cached graph.

/** Package → the packages it may import besides itself. */
export const layers = {
  core: [],
  stages: ['core'],
  stream: ['core'],
  contracts: ['core'],
  scoring: ['core'],
  testing: ['core'],
  io: ['core', 'contracts'],
  runtime: ['core', 'stages', 'stream', 'io', 'contracts', 'scoring'],
  colloquy: ['core', 'stages', 'stream', 'io', 'contracts', 'scoring', 'testing', 'runtime'],
};

/** Driver packages and the only package that may import them. */
const drivers = { kafkajs: 'io', mongodb: 'io', libsql: 'io', 'fluent-ffmpeg': 'io' };

/** What the house does without. */
export const forbiddenSyntax = [
  { selector: 'ExportDefaultDeclaration', message: 'No default export: name it.' },
  { selector: 'TSEnumDeclaration', message: 'No enum: a union of literals.' },
  { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'No namespace: a module.' },
  { selector: 'Decorator', message: 'No decorator: a plain function.' },
];

/** Test files may import testing and the runtime adapters they certify. */
const testFiles = ['**/*.test.ts', '**/*.test-d.ts'];

export function layerRules() {
  const known = Object.keys(layers);
  const rules = known.flatMap((name) => {
    const forbidden = known.filter((other) => other !== name && !layers[name].includes(other));
    return [
      restrict([`packages/${name}/src/**/*.ts`], name, forbidden, testFiles),
      restrict([`packages/${name}/src/**/*.test.ts`, `packages/${name}/src/**/*.test-d.ts`], name, forbidden.filter((other) => other !== 'testing'), []),
    ];
  });
  return [...rules, restrict(['apps/*/src/**/*.ts'], 'apps', [], [])];
}

function restrict(files, name, forbidden, ignores) {
  const patterns = [
    ...forbidden.map((other) => ({
      regex: other === 'colloquy' ? '^colloquy(/|$)' : `^@colloquy/${other}(/|$)`,
      message: `Layer law: ${name} must not import ${other} (tools/layers.mjs).`,
    })),
    ...Object.entries(drivers)
      .filter(([, owner]) => owner !== name)
      .map(([driver]) => ({ regex: `^${driver}(/|$)`, message: `Layer law: ${driver} is importable only in io (tools/layers.mjs).` })),
    { regex: '^@colloquy/runner(/|$)', message: 'Layer law: nothing imports an app (tools/layers.mjs).' },
    { regex: '(^|/)\\.\\./(\\.\\./)*(packages|apps|core|stages|stream|io|contracts|testing|runtime|colloquy)/', message: 'Layer law: no relative import across packages (tools/layers.mjs).' },
  ];
  // no-restricted-imports does not see import(), by which peers and drivers are loaded here.
  const dynamic = patterns.map(({ regex, message }) => ({ selector: `ImportExpression[source.value=/${regex.replaceAll('/', '\\u002F')}/]`, message }));
  return {
    files,
    ignores,
    rules: { 'no-restricted-imports': ['error', { patterns }], 'no-restricted-syntax': ['error', ...forbiddenSyntax, ...dynamic] },
  };
}
