export * from '@colloquy/runtime';
