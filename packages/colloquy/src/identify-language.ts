export * from '@colloquy/stages/identify-language';
