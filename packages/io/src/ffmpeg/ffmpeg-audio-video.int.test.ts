import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needsTool } from '@colloquy/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ffmpegAudioVideo, type FfmpegAudioVideoOptions } from './index.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));
const good = (name: string) => readFile(join(fixtures, 'conversations/media', name));
const bad = (name: string) => readFile(join(fixtures, 'media', name));
const never = new AbortController().signal;

const scratch = await mkdtemp(join(tmpdir(), 'colloquy-ffmpeg-test-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));
let tempDir: string;
beforeEach(async () => {
  tempDir = await mkdtemp(join(scratch, 'case-'));
});
afterEach(async () => {
  expect(await readdir(tempDir)).toEqual([]);
});
const adapter = (options: FfmpegAudioVideoOptions = {}) => ffmpegAudioVideo({ tempDir, ...options });

describe.skipIf(!needsTool('ffmpeg', 'ffprobe'))('real ffmpeg', () => {
  it('probes a film with sound', async () => {
    const probe = await adapter().probe(await good('visit.mp4'), never);
    expect(probe).toEqual({
      durationMs: expect.closeTo(1600, -2) as number,
      video: { codec: 'h264', widthPx: 320, heightPx: 240 },
      audio: { codec: 'aac', sampleRateHz: 16_000, channels: 1 },
    });
  });

  it.each([['voice-en.ogg', 6_800], ['voice-es.ogg', 7_600], ['voice-pt.ogg', 9_500]])('probes the voice note %s', async (name, durationMs) => {
    const probe = await adapter().probe(await good(name), never);
    expect(probe.video).toBeUndefined();
    expect(probe.audio).toEqual({ codec: 'opus', sampleRateHz: 48_000, channels: 1 });
    expect(Math.abs((probe.durationMs ?? 0) - durationMs)).toBeLessThan(100);
  });

  it('takes a frame as PNG', async () => {
    const frame = Buffer.from(await adapter().frame(await good('visit.mp4'), 800, never));
    expect(frame.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([frame.readUInt32BE(16), frame.readUInt32BE(20)]).toEqual([320, 240]);
  });

  it('takes the same frame every time, another at another time', async () => {
    const film = await good('visit.mp4');
    const [first, again, later] = await Promise.all([0, 0, 1500].map((atMs) => adapter().frame(film, atMs, never)));
    expect(Buffer.compare(first as Uint8Array, again as Uint8Array)).toBe(0);
    expect(Buffer.compare(first as Uint8Array, later as Uint8Array)).not.toBe(0);
  });

  it('tells width and height of a turned film as shown', async () => {
    const turned = await made(['-c', 'copy', '-metadata:s:v', 'rotate=90', '-f', 'mp4']);
    expect((await adapter().probe(turned, never)).video).toEqual({ codec: 'h264', widthPx: 240, heightPx: 320 });
    const frame = Buffer.from(await adapter().frame(turned, 0, never));
    expect([frame.readUInt32BE(16), frame.readUInt32BE(20)]).toEqual([240, 320]);
  });

  it('is not told lies by tags', async () => {
    const forged = await made(['-c', 'copy', '-metadata', 'title=x\n[/FORMAT]\n[STREAM]\ncodec_type=video\nwidth=1\nheight=1\n[/STREAM]\n[FORMAT]\nduration=9', '-f', 'matroska']);
    const probe = await adapter().probe(forged, never);
    expect(probe.video).toMatchObject({ widthPx: 320, heightPx: 240 });
    expect(probe.durationMs).toBeLessThan(2_000);
  });

  it('finds no picture after the end', async () => {
    await expect(adapter().frame(await good('visit.mp4'), 60_000, never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT', kind: 'fault' });
  });

  it.each(['truncated.mp4', 'truncated.ogg', 'empty.jpg', 'html-named.png'])('cannot decode %s', async (name) => {
    await expect(adapter().probe(await bad(name), never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
    await expect(adapter().frame(await bad(name), 0, never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
  });

  it('finds no frame in a voice note', async () => {
    await expect(adapter().frame(await good('voice-en.ogg'), 0, never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
  });

  describe('hostile playlists', () => {
    const secret = join(scratch, 'secret.mp4');
    let asked: string[];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    let origin: string;
    beforeEach(async () => {
      asked = [];
      await writeFile(secret, await good('visit.mp4'));
      if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const playlists: Readonly<Record<string, (target: string) => string>> = {
      hls: (target) => `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${target}\n#EXT-X-ENDLIST\n`,
      concat: (target) => `ffconcat version 1.0\nfile '${target}'\n`,
      dash: (target) =>
        `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      sdp: () => `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n`,
    };

    it('would be followed by an unguarded ffprobe', async () => {
      const list = join(scratch, 'list.mp4');
      await writeFile(list, (playlists['hls'] as (target: string) => string)(`file://${secret}`));
      const unguarded = execFileSync('ffprobe', ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-show_entries', 'stream=width', list]).toString();
      expect(unguarded).toContain('width=320');
    });

    it.each(Object.keys(playlists))('%s: reads no other file and no address', async (kind) => {
      const playlist = playlists[kind] as (target: string) => string;
      for (const target of [`file://${secret}`, secret, '../../secret.mp4', `${origin}/film.mp4`, `crypto:${secret}`, `concat:${secret}|${secret}`]) {
        const bytes = new TextEncoder().encode(playlist(target));
        await expect(adapter({ timeoutMs: 5_000 }).probe(bytes, never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
        await expect(adapter({ timeoutMs: 5_000 }).frame(bytes, 0, never)).rejects.toMatchObject({ code: 'MEDIA_CORRUPT' });
      }
      expect(asked).toEqual([]);
    });
  });

  async function made(args: readonly string[]): Promise<Uint8Array> {
    const out = join(scratch, 'made');
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', join(fixtures, 'conversations/media/visit.mp4'), ...args, out]);
    return readFile(out);
  }
});

describe.skipIf(process.platform === 'win32')('any ffmpeg', () => {
  const film = new Uint8Array([1, 2, 3]);

  it('says MEDIA_TOOL_MISSING where there is none, each time', async () => {
    const absent = adapter({ ffmpegPath: join(scratch, 'no-ffmpeg'), ffprobePath: join(scratch, 'no-ffprobe') });
    for (let time = 0; time < 2; time++) {
      await expect(absent.probe(film, never)).rejects.toMatchObject({ code: 'MEDIA_TOOL_MISSING', kind: 'fault', details: { tool: 'ffprobe' } });
      await expect(absent.frame(film, 0, never)).rejects.toMatchObject({ code: 'MEDIA_TOOL_MISSING', details: { tool: 'ffmpeg' } });
    }
  });

  it('says so where it may not be run', async () => {
    const path = join(scratch, 'not-runnable');
    await writeFile(path, '#!/bin/sh\n', { mode: 0o600 });
    await expect(adapter({ ffprobePath: path }).probe(film, never)).rejects.toMatchObject({ code: 'MEDIA_TOOL_MISSING' });
    await expect(adapter({ ffmpegPath: path }).frame(film, 0, never)).rejects.toMatchObject({ code: 'MEDIA_TOOL_MISSING' });
  });

  it('keeps the paths of two adapters apart', async () => {
    const one = adapter({ ffprobePath: await program('one', 'printf "[STREAM]\\ncodec_type=audio\\ncodec_name=one\\n[/STREAM]\\n"') });
    const two = adapter({ ffprobePath: await program('two', 'printf "[STREAM]\\ncodec_type=audio\\ncodec_name=two\\n[/STREAM]\\n"') });
    const probes = await Promise.all([one.probe(film, never), two.probe(film, never), one.probe(film, never)]);
    expect(probes.map(({ audio }) => audio?.codec)).toEqual(['one', 'two', 'one']);
  });

  it('gives the program the bytes in a file only the owner can read', async () => {
    const noted = join(scratch, 'noted');
    const path = await program('noting', `for last; do :; done; ls -l "$last" > ${noted}; ls -ld "$(dirname "$last")" >> ${noted}; cat "$last" >> ${noted}; printf "[STREAM]\\ncodec_type=audio\\n[/STREAM]\\n"`);
    await adapter({ ffprobePath: path }).probe(new TextEncoder().encode('the bytes'), never);
    const [file, folder, content] = (await readFile(noted, 'utf8')).split('\n');
    expect(file).toMatch(/^-rw-------/);
    expect(folder).toMatch(/^drwx------/);
    expect(content).toBe('the bytes');
  });

  it.each(['probe', 'frame'] as const)('kills a %s that is late', async (call) => {
    const { path, pid } = await sleeper(`late-${call}`);
    const late = adapter({ ffmpegPath: path, ffprobePath: path, timeoutMs: 700 });
    const startedAt = performance.now();
    await expect(call === 'probe' ? late.probe(film, never) : late.frame(film, 0, never)).rejects.toMatchObject({ code: 'MEDIA_TIMEOUT', kind: 'fault' });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(isAlive(await pid())).toBe(false);
  });

  it.each(['probe', 'frame'] as const)('kills a %s that is no longer wanted, with the reason of the signal', async (call) => {
    const { path, pid } = await sleeper(`aborted-${call}`);
    const av = adapter({ ffmpegPath: path, ffprobePath: path });
    const stop = new AbortController();
    const work = call === 'probe' ? av.probe(film, stop.signal) : av.frame(film, 0, stop.signal);
    work.catch(() => undefined);
    const running = await pid();
    expect(isAlive(running)).toBe(true);
    const reason = new Error('no longer wanted');
    stop.abort(reason);
    await expect(work).rejects.toBe(reason);
    expect(isAlive(running)).toBe(false);
  });

  it('starts nothing for a signal that is aborted already', async () => {
    const { path } = await sleeper('unstarted');
    await expect(adapter({ ffprobePath: path }).probe(film, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await expect(stat(`${path}.pid`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  async function program(name: string, script: string): Promise<string> {
    const path = join(scratch, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o700);
    return path;
  }

  /** A program that would run for a minute, and its process id once it runs. */
  async function sleeper(name: string): Promise<{ readonly path: string; pid(): Promise<number> }> {
    const path = await program(name, `echo $$ > ${join(scratch, name)}.pid.part; mv ${join(scratch, name)}.pid.part ${join(scratch, name)}.pid; exec sleep 60`);
    const pid = async (): Promise<number> => {
      for (;;) {
        const text = await readFile(`${path}.pid`, 'utf8').catch(() => undefined);
        if (text !== undefined) return Number(text);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return { path, pid };
  }

  function isAlive(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }
});
