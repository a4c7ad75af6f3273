export * from '@colloquy/stages/score-sentiment';
