import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { coloursOf, exitCodes, write, type CliContext } from '../cli-context.js';
import { action, type Program } from '../action.js';
import { configTemplate, messagesTemplate } from '../templates.js';

export function addInit(program: Program, context: CliContext): void {
  program.command
    .command('init')
    .description('write colloquy.yaml and example messages; files that are there stay as they are')
    .argument('[folder]', 'where to write', '.')
    .addHelpText('after', '\nExamples:\n  $ colloquy init\n  $ colloquy init shop && cd shop && colloquy pipeline test')
    .action(action(program, (folder: string) => init(context, folder)));
}

async function init(context: CliContext, folder: string): Promise<number> {
  const colours = coloursOf(context, context.stdout);
  const dir = resolve(context.cwd, folder);
  await mkdir(dir, { recursive: true });
  const files = { 'colloquy.yaml': configTemplate, 'messages.ndjson': messagesTemplate };
  for (const [name, text] of Object.entries(files)) {
    const written = await writeNew(join(dir, name), text);
    await write(context.stdout, written ? `${colours.green('wrote')} ${name}\n` : `${colours.yellow('kept')}  ${name} (was there already)\n`);
  }
  await write(context.stdout, '\nNext:\n  colloquy doctor\n  colloquy pipeline test\n  colloquy enrich messages.ndjson\n  colloquy run\n');
  return exitCodes.ok;
}

/** False where the file was there: it is not touched. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
