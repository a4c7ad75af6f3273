export * from '@colloquy/stages/process-media';
