import { defineConfig } from 'vitest/config';
import { sourceAliases } from './tools/workspace.mjs';

const alias = sourceAliases().map(([find, replacement]: [string, string]) => ({
  find: new RegExp(`^${find.replace(/[/.]/g, '\\$&')}$`),
  replacement,
}));
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  resolve: { alias },
  test: {
    reporters: process.env['CI'] ? ['default'] : ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{packages,apps,models,tools,fixtures,docs}/**/*.test.ts'], exclude: [...exclude, '**/*.int.test.ts'], pool: 'threads' },
      },
      {
        extends: true,
        test: {
          name: 'int',
          include: ['{packages,apps,models,tools,fixtures,docs}/**/*.int.test.ts'],
          exclude,
          globalSetup: ['tools/services/global-setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
