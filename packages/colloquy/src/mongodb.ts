export * from '@colloquy/io/mongodb';
