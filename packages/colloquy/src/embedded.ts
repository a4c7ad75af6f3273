export * from '@colloquy/io/embedded';
