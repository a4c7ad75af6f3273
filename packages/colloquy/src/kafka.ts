export * from '@colloquy/io/kafka';
