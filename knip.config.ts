import { relative } from 'node:path';
import type { KnipConfig } from 'knip';
import { root, workspacePackages } from './tools/workspace.mjs';

/** What a package exports, and its commands, are what others may use; everything else must be used here. */
const packages = workspacePackages().map(({ dir, manifest, entries }) => {
  const commands = Object.values((manifest['bin'] ?? {}) as Record<string, string>).map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
  const entry = [...entries.map(({ source }) => relative(dir, source)), ...commands, 'tsup.config.ts', '*.mjs', 'src/page/page.ts', 'src/**/*.child.ts'];
  return [relative(root, dir), { entry, project: ['src/**/*.ts', '*.{ts,mjs}'] }] as const;
});

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: ['tools/*.{mjs,ts}', 'tools/services/{main,global-setup}.ts', 'tools/services/keep-child.mjs'],
      project: ['tools/**/*.{mjs,ts}', 'docs/**/*.ts', 'fixtures/**/*.ts'],
      // The frame's packages are installed at the root for tests, docs and benchmarks; each package names them as optional peers.
      ignoreDependencies: ['@arethetypeswrong/cli', 'dpdm', 'publint', 'chrono-node', 'eld', 'file-type', 'fluent-ffmpeg', 'libphonenumber-js', 'libsql', 'linkify-it', 'pino', 'prom-client', '@changesets/config'],
    },
    ...Object.fromEntries(packages),
  },
  ignoreBinaries: ['apt-get', 'espeak-ng', 'ffmpeg', 'ffprobe', 'mkfifo'],
  rules: { optionalPeerDependencies: 'off' },
};

export default config;
