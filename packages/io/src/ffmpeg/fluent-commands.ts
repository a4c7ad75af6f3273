import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type fluentFfmpeg from 'fluent-ffmpeg';

export interface ToolPaths {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** fluent-ffmpeg as two calls; each hands over its process, so that the caller can kill it. */
export interface FluentCommands {
  probe(input: string, options: readonly string[], onChild: (child: ChildProcess) => void): Promise<fluentFfmpeg.FfprobeData>;
  run(input: string, inputOptions: readonly string[], output: string, outputOptions: readonly string[], onChild: (child: ChildProcess) => void): Promise<void>;
}

/**
 * The package is archived at 2.1.3, so what it does inside can be relied on. Mended here, on the command alone: paths of the
 * programs are kept for the whole process, so two adapters would share one; each first command runs ffmpeg twice to list what it
 * can do; a program that cannot be started throws out of an event handler; and a running ffprobe cannot be reached.
 */
export function fluentCommands(fluent: typeof fluentFfmpeg, { ffmpegPath, ffprobePath }: ToolPaths): FluentCommands {
  const commandFor = (input: string, onChild: (child: ChildProcess) => void): fluentFfmpeg.FfmpegCommand => {
    const command = fluent({ source: input, stdoutLines: 20 });
    const inside = command as unknown as CommandInside;
    const spawn = inside._spawnFfmpeg.bind(command);
    Object.assign(inside, {
      _getFfmpegPath: (done) => done(null, ffmpegPath),
      _getFfprobePath: (done) => done(null, ffprobePath),
      _checkCapabilities: (done) => done(null),
      availableEncoders: (done) => done(null, {}),
      _spawnFfmpeg: (args, options, onProcess, onEnd) =>
        spawn(
          args,
          options,
          (child, out, err) => {
            onChild(child);
            onProcess(child, out, err);
          },
          (error, out = noLines, err = noLines) => onEnd(error, out, err),
        ),
    } satisfies CommandInside);
    return command;
  };

  return {
    probe: (input, options, onChild) =>
      new Promise((resolve, reject) => {
        const command = commandFor(input, () => undefined);
        firstChildOf(onChild, () => command.ffprobe(0, [...options], (error: unknown, data) => (error ? reject(error as Error) : resolve(data))));
      }),
    run: (input, inputOptions, output, outputOptions, onChild) =>
      new Promise((resolve, reject) => {
        commandFor(input, onChild)
          .inputOptions([...inputOptions])
          .output(output)
          .outputOptions([...outputOptions])
          .on('end', () => resolve())
          .on('error', reject)
          .run();
      }),
  };
}

interface Lines {
  get(): string;
}

interface CommandInside {
  _getFfmpegPath(done: (error: null, path: string) => void): void;
  _getFfprobePath(done: (error: null, path: string) => void): void;
  _checkCapabilities(done: (error: null) => void): void;
  availableEncoders(done: (error: null, encoders: object) => void): void;
  _spawnFfmpeg(
    args: readonly string[],
    options: object,
    onProcess: (child: ChildProcess, out: Lines, err: Lines) => void,
    onEnd: (error: Error | null, out?: Lines, err?: Lines) => void,
  ): void;
}

const noLines: Lines = { get: () => '' };

/** The first process started during `work`, which starts it synchronously. */
function firstChildOf(onChild: (child: ChildProcess) => void, work: () => void): void {
  let seen = false;
  const listener = (message: unknown) => {
    if (seen) return;
    seen = true;
    onChild((message as { readonly process: ChildProcess }).process);
  };
  subscribe('child_process', listener);
  try {
    work();
  } finally {
    unsubscribe('child_process', listener);
  }
}
