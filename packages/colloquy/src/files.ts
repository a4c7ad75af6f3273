export * from '@colloquy/io/files';
