import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { colloquyError } from '@colloquy/core';

type UnreadableCode = 'SOURCE_FILE_UNREADABLE' | 'INPUT_FILE_UNREADABLE';

/** The bytes of a file. Throws the code given where it cannot be read. */
export async function openFile(file: string, code: UnreadableCode): Promise<Readable> {
  await checkFile(file, code);
  return createReadStream(file);
}

/** Throws the code given where the file is not there, is a folder or may not be read. */
export async function checkFile(file: string, code: UnreadableCode): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw colloquyError(code, { file, problem: (error as NodeJS.ErrnoException).code ?? 'unknown' }, error);
  }
  if ((await stat(file)).isDirectory()) throw colloquyError(code, { file, problem: 'EISDIR' });
}
