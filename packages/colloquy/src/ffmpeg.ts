export * from '@colloquy/io/ffmpeg';
