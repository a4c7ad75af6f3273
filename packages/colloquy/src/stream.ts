export * from '@colloquy/stream';
