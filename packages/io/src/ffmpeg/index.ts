export { ffmpegAudioVideo, type FfmpegAudioVideoOptions } from './ffmpeg-audio-video.js';
