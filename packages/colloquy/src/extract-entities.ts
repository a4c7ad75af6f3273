export * from '@colloquy/stages/extract-entities';
