// Writes packages/runtime/schema/colloquy.schema.json and docs/reference/config.md from the schemas of the sources;
// `--check` only compares and exits 1 on a difference.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { root } from './workspace.mjs';

const { configJsonSchema, optionsJsonSchema, stageRegistry } = await tsImport('../packages/runtime/src/index.ts', {
  parentURL: import.meta.url,
  tsconfig: join(root, 'tsconfig.json'),
});
const factories = await Promise.all(Object.values(stageRegistry).map((load) => load()));
const schema = configJsonSchema(factories);

const files = {
  'packages/runtime/schema/colloquy.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
  'docs/reference/config.md': page(),
};
for (const [name, text] of Object.entries(files)) {
  const file = join(root, name);
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${name} differs from the schemas. Run: node tools/generate-reference.mjs`);
    process.exitCode = 1;
  }
}

function page() {
  const { properties } = schema;
  const sections = Object.entries(properties).filter(([, property]) => isSection(property));
  return `# colloquy.yaml

The configuration of the runner and of the \`colloquy\` command. Every key has a default: an empty file, or none, is the embedded
runner with all built-in stages. Unknown keys are refused, and all problems are told at once (exit code 78).

\`\${NAME}\` in a value is replaced by the environment variable NAME, \`\${NAME:-value}\` has a default, \`$\${\` stands for \`\${\` itself.
Inside \`{ … }\` and \`[ … ]\` put quotes around it. Paths are relative to the folder of the file.
Editors complete and check the file with \`@colloquy/runtime/colloquy.schema.json\`.

## At the top

${table(Object.fromEntries(Object.entries(properties).filter(([, property]) => !isSection(property))))}

## pipeline

${schema.$defs.PipelineEntry.description ?? 'The stages, in order. An entry is one of these:'}

| entry | meaning |
|---|---|
| \`identify-language@1\` | a stage with its default options |
| \`{ classify-intent@1: { … } }\` | a stage with options |
| \`{ parallel: [ entry, entry ] }\` | stages side by side; none sees what another adds |
| \`{ optional: entry }\` | a stage whose failure never holds a message up |
| \`{ deadline: { ms, stage: entry } }\` | a stage that is given up on after so many milliseconds |
| \`{ when: { …, stage: entry } }\` | a stage that runs only where all conditions hold |

Conditions of \`when\`:

${table(omit(whenProperties(), 'stage'))}

${factories.map(stageSection).join('\n\n')}

${sections.map(([name, property]) => section(name, property)).join('\n\n')}
`;
}

function stageSection(factory) {
  const { properties = {} } = optionsJsonSchema(factory);
  const options = Object.keys(properties).length === 0 ? 'No options.' : table(properties);
  return `### ${factory.id}\n\n${factory.summary.replace(/[.]?$/, ".")} Needs: ${factory.requires.join(', ') || 'nothing'}. Adds: ${factory.provides.join(', ')}.\n\n${options}`;
}

function section(name, property) {
  const head = `## ${name}\n\n${property.description ?? ''}${property.oneOf ? ` Default: \`${JSON.stringify(property.default)}\`.` : ''}`;
  if (property.oneOf) return [head, ...property.oneOf.map((branch) => `### ${name}.kind: ${branch.properties.kind.const}\n\n${branch.description ?? ''}${rows(omit(branch.properties, 'kind'))}`)].join('\n\n');
  return `${head}${rows((property.items ?? property).properties)}`;
}

function rows(properties) {
  return Object.keys(properties).length === 0 ? '' : `\n\n${table(properties)}`;
}

function table(properties, prefix = '') {
  return `| key | value | default | meaning |\n|---|---|---|---|\n${lines(properties, prefix).join('\n')}`;
}

function lines(properties, prefix) {
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const standard = property.default === undefined ? '–' : `\`${JSON.stringify(property.default)}\``;
    const line = `| \`${name}\` | ${typeOf(property)} | ${standard} | ${(property.description ?? '').replaceAll('|', '\\|')} |`;
    return property.properties ? [line, ...lines(property.properties, `${name}.`)] : [line];
  });
}

function typeOf(property) {
  if (property.const !== undefined) return `\`${property.const}\``;
  if (property.enum) return property.enum.map((value) => `\`${value}\``).join(', ');
  if (property.anyOf) return property.anyOf.map(typeOf).join(' or ');
  if (property.$ref) return 'an entry';
  if (property.type === 'array') return `list of ${property.items?.$ref ? 'entries' : typeOf(property.items ?? {})}`;
  if (property.type === 'integer' || property.type === 'number') return `${property.type === 'integer' ? 'whole number' : 'number'}${range(property)}`;
  return { string: 'text', boolean: '`true`, `false`', object: 'object' }[property.type] ?? 'any';
}

function range({ minimum, maximum, exclusiveMinimum }) {
  const from = minimum ?? exclusiveMinimum;
  const least = from === undefined || Math.abs(from) === Number.MAX_SAFE_INTEGER ? '' : minimum === undefined ? `above ${from}` : `from ${from}`;
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `to ${maximum}`;
  return least || most ? ` ${[least, most].filter(Boolean).join(' ')}` : '';
}

function isSection(property) {
  return property.oneOf !== undefined || property.properties !== undefined || (property.type === 'array' && property.items?.properties !== undefined);
}

function whenProperties() {
  const branch = schema.$defs.PipelineEntry.anyOf.find(({ properties }) => properties?.when);
  const { when } = branch.properties;
  return (when.$ref ? schema.$defs[when.$ref.split('/').at(-1)] : when).properties;
}

function omit(object, key) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
