export * from '@colloquy/stages/classify-intent';
