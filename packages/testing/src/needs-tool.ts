import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * True where the programs are on the PATH; for `describe.skipIf(!needsTool('ffmpeg', 'ffprobe'))`. Where one is absent it prints
 * why the tests are skipped and answers false; with CI=true it throws, so that they never pass by not running.
 */
export function needsTool(...names: readonly string[]): boolean {
  const absent = names.filter((name) => !isOnPath(name));
  if (absent.length === 0) return true;
  const reason = `no ${absent.join(', ')} on the PATH`;
  if (process.env['CI'] === 'true') throw new Error(`Found ${reason}; with CI=true these tests must run. Install ${absent.join(', ')}.`);
  console.warn(`Skipped: ${reason}. Install ${absent.join(', ')} to run these tests.`);
  return false;
}

function isOnPath(name: string): boolean {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => suffixes.some((suffix) => isProgram(join(folder, name + suffix))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
