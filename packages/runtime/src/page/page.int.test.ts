import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMessage } from '@colloquy/contracts';
import { memoryMediaStore, silentLogger, systemClock, type MessageInput, type Sink, type StoredMessage } from '@colloquy/core';
import { memoryDeadLetters, memoryParking, memoryStore } from '@colloquy/testing';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPage } from '../../build-page.js';
import { createHttpApi } from '../http/create-http-api.js';
import type { HttpApi } from '../http/http-api-parts.js';
import { liveFeed } from '../http/live-feed.js';
import { rulePipeline } from '../http/rule-pipeline.js';

const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path));
if (executablePath === undefined) {
  const reason = 'no Chromium at CHROMIUM_PATH or /usr/bin';
  if (process.env['CI'] === 'true') throw new Error(`Found ${reason}; with CI=true the page must be tested. Install chromium.`);
  console.warn(`Skipped: ${reason}. Install chromium to test the page.`);
}
const screenshotDir = process.env['SCREENSHOT_DIR'];

let browser: Browser;
let pageDir: string;
let api: HttpApi;
let url: string;
let page: Page;
let problems: string[];
let store = memoryStore();
let media = memoryMediaStore();
const sentToInbound: MessageInput[] = [];

/** Takes messages in as the runner does: through the pipeline into the store, then to the live feed. */
async function serve(port = 0): Promise<void> {
  const pipeline = rulePipeline();
  const live = liveFeed();
  const inbound: Sink = {
    name: 'direct',
    append: async (records) => {
      for (const [offset, { value }] of records.entries()) {
        const message = decodeMessage({ value, at: new Date().toISOString() });
        sentToInbound.push(message);
        const [processed] = await pipeline.process([message]);
        const given = message.meta['ann'] as unknown as StoredMessage['ann'] | undefined;
        const stored: StoredMessage = {
          ...message,
          ann: { ...processed?.doc.ann, ...given },
          faults: processed?.doc.faults ?? [],
          pipeline: pipeline.ids(),
          position: { source: 'direct', partition: 'direct/0', offset },
          enrichedAt: new Date().toISOString(),
        };
        await store.save([stored]);
        live.publish([stored]);
      }
    },
    check: async () => undefined,
    close: async () => undefined,
  };
  api = await createHttpApi({
    store,
    inbound,
    media,
    pipeline,
    deadLetters: memoryDeadLetters(),
    parking: memoryParking(),
    checks: {},
    live,
    delivery: { status: () => ({ state: 'running', inFlight: 0 }) },
    log: silentLogger,
    clock: systemClock,
    options: { port, pageDir },
  });
  url = await api.listen();
}

async function post(...messages: readonly Partial<MessageInput>[]): Promise<void> {
  const payload = messages.map((message, index) => ({ id: `m-${sentToInbound.length + index}`, conversationId: 'ana', author: { id: '+525555550101', role: 'customer', name: 'Ana Ruiz' }, ...message }));
  const response = await api.app.inject({ method: 'POST', url: '/messages', payload });
  expect(response.json()).toMatchObject({ refused: 0 });
}

async function open(viewport: { readonly width: number; readonly height: number }, path = '/'): Promise<void> {
  page = await browser.newPage({ viewport, colorScheme: viewport.width < 500 ? 'dark' : 'light', locale: 'en-GB' });
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => new URL(request.url()).host !== new URL(url).host && problems.push(`foreign request ${request.url()}`));
  await page.goto(url + path);
  await page.getByText('Live', { exact: true }).waitFor();
}

const shot = async (name: string) => screenshotDir !== undefined && page.screenshot({ path: join(screenshotDir, `${name}.png`) });

/** Ids of the rules of axe that are broken seriously. */
async function seriousViolations(): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[] }> } }).axe.run();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}

const isWiderThanScreen = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth || [...document.querySelectorAll('.scroller, .list-pane')].some((node) => node.scrollWidth > node.clientWidth));

describe.skipIf(executablePath === undefined)('the page', () => {
  beforeAll(async () => {
    pageDir = await mkdtemp(join(tmpdir(), 'colloquy-page-'));
    await buildPage(pageDir);
    browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await rm(pageDir, { recursive: true, force: true });
  });
  beforeEach(async () => {
    problems = [];
    store = memoryStore();
    media = memoryMediaStore();
    await serve();
  });
  afterEach(async () => {
    await page.close();
    await api.close();
  });

  const rowOf = (text: string) => page.locator('#conversations li', { hasText: text });

  it('says so when there is nothing, and when nothing fits', async () => {
    await open({ width: 1200, height: 800 });
    await page.getByText('No conversations yet.').waitFor();
    await shot('empty');
    await post({ text: 'hello' });
    await rowOf('Ana Ruiz').waitFor();
    await page.getByText('Filters').click();
    await page.getByLabel('Intent').fill('complaint');
    await page.getByText('No conversation fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await rowOf('Ana Ruiz').waitFor();
    expect(problems).toEqual([]);
  });

  it('shows conversations as they arrive, newest first, marks the unread', async () => {
    await open({ width: 1200, height: 800 });
    await post({ text: 'hello there, good day', at: '2026-03-02T10:00:00Z' });
    await rowOf('hello there').waitFor();
    await post({ conversationId: 'beto', author: { id: 'beto', role: 'customer', name: 'Beto' }, text: 'awful, what price?', at: '2026-03-02T11:00:00Z' });
    await rowOf('awful').waitFor();
    expect(await page.locator('#conversations .name').allTextContents()).toEqual(['Beto', 'Ana Ruiz']);
    expect(await rowOf('Beto').locator('.chip.intent').textContent()).toBe('ask price');
    expect(await rowOf('Beto').locator('.mark').getAttribute('title')).toBe('Sentiment: negative');
    expect(await rowOf('Ana Ruiz').locator('.mark').getAttribute('title')).toBe('Sentiment: positive');
    expect(await page.locator('#conversations li.unread').count()).toBe(2);
    await rowOf('Ana Ruiz').getByRole('button').press('Enter');
    await page.locator('.message').first().waitFor();
    expect(await page.locator('#conversations li.unread .name').allTextContents()).toEqual(['Beto']);
    await post({ text: 'and one more', at: '2026-03-02T12:00:00Z' });
    await page.locator('.message', { hasText: 'and one more' }).waitFor();
    await rowOf('and one more').waitFor();
    expect(await page.locator('#conversations .name').allTextContents()).toEqual(['Ana Ruiz', 'Beto']);
    expect(await page.locator('#conversations li.unread .name').allTextContents()).toEqual(['Beto']);
    expect(problems).toEqual([]);
  });

  it('highlights entities exactly, in place, also after emoji and line breaks', async () => {
    const text = '😀👍🏽 mi cel +525512345678\r\nwrite ana@example.com or pay $250';
    await post({ text }, { text: 'Un momento', direction: 'outbound', author: { id: 'bot', role: 'bot', name: 'Casa Lista' } }, { text: 'bad #fault' });
    await open({ width: 1200, height: 800 }, '/#/c/ana');
    await page.locator('.message').nth(2).waitFor();
    const marks = await page.locator('.message').first().locator('mark').evaluateAll((nodes) => nodes.map((node) => [node.textContent, node.getAttribute('title')]));
    expect(marks).toEqual([
      ['+525512345678', 'phone: +525512345678'],
      ['ana@example.com', 'email: ana@example.com'],
      ['$250', 'money: $250'],
    ]);
    expect(await page.locator('.message').first().locator('.said').evaluate((node) => node.textContent)).toBe(text);
    const sides = await page.locator('.message').evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().left));
    expect(sides[1]).toBeGreaterThan(Number(sides[0]));
    expect(await page.locator('.message').nth(2).locator('.chip.fault').textContent()).toBe('identify-language@1 failed: STAGE_FAILED');
    expect(await page.locator('#conversation-facts').textContent()).toBe('ana · 3 messages · with Casa Lista · 1 fault');
    await shot('timeline');
    expect(await seriousViolations()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('sends a message typed by hand, into a new conversation and into the open one', async () => {
    await open({ width: 1200, height: 800 });
    await page.getByRole('button', { name: 'New' }).click();
    await page.getByLabel('New message').fill('what price, $300?');
    await page.getByLabel('New message').press('Enter');
    await page.locator('.message mark', { hasText: '$300' }).waitFor();
    expect(await page.getByLabel('New message').inputValue()).toBe('');
    const first = sentToInbound.at(-1);
    expect(first).toMatchObject({ text: 'what price, $300?', direction: 'inbound', channel: 'page', author: { role: 'customer' } });
    await page.locator('select[name=as]').selectOption('agent');
    await page.getByLabel('New message').fill('good, it is $250');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.message.outbound mark', { hasText: '$250' }).waitFor();
    expect(sentToInbound.at(-1)).toMatchObject({ conversationId: first?.conversationId, direction: 'outbound', author: { role: 'agent' } });
    expect(await page.locator('#conversations li').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('keeps what was typed when the runner refuses it, and says why', async () => {
    await open({ width: 1200, height: 800 }, '/#/new');
    await page.route('**/messages', (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', body: JSON.stringify({ detail: 'Found a NUL.' }) }));
    await page.getByLabel('New message').fill('hello');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Found a NUL.').waitFor();
    expect(await page.getByLabel('New message').inputValue()).toBe('hello');
  });

  it('filters the list', async () => {
    await post({ text: 'hello' }, { conversationId: 'beto', author: { id: 'b', role: 'customer', name: 'Beto' }, text: 'awful price $5' }, { conversationId: 'caro', author: { id: 'c', role: 'customer', name: 'Caro' }, text: '¿great price?' });
    await open({ width: 1200, height: 800 });
    await rowOf('Beto').waitFor();
    const names = async (expected: readonly string[]) => expect.poll(async () => (await page.locator('#conversations .name').allTextContents()).sort()).toEqual(expected);
    await page.getByText('Filters').click();
    await page.getByLabel('Intent').fill('ask_price');
    await names(['Beto', 'Caro']);
    await page.getByLabel('Sentiment').selectOption('negative');
    await names(['Beto']);
    expect(await page.locator('#filter-count').textContent()).toBe('(2)');
    await shot('filters');
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Clear' }).click();
    await names(['Ana Ruiz', 'Beto', 'Caro']);
    await page.getByLabel('Language').fill('es');
    await names(['Caro']);
    await page.getByLabel('Language').fill('');
    await page.getByLabel('Entity').fill('money');
    await names(['Beto']);
    await page.getByLabel('Entity').fill('');
    await page.getByLabel('until').fill('2020-01-01');
    await names([]);
    expect(problems).toEqual([]);
  });

  it('never runs what a message says', async () => {
    const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> "\'><svg onload=window.hacked=1> javascript:window.hacked=1 $5';
    await post({ text: attack, author: { id: attack, role: 'customer', name: attack.slice(0, 200) }, conversationId: attack, media: [{ kind: 'document', name: attack, caption: attack }] });
    await open({ width: 1200, height: 800 });
    await page.locator('#conversations button').first().click();
    await page.locator('.said', { hasText: 'onerror' }).first().waitFor();
    expect(await page.locator('.said').last().evaluate((node) => node.textContent)).toBe(attack);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('Pipeline:').waitFor();
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('main script, main svg, main img, nav img').count()).toBe(0);
    await expect(page.evaluate(() => document.body.setAttribute('onclick', 'window.hacked=1'))).rejects.toThrow(/TrustedScript/);
  });

  it('explains a message in a dialog that the keyboard can leave', async () => {
    await post({ text: 'what price, $5?' });
    await open({ width: 1200, height: 800 }, '/#/c/ana');
    await page.getByRole('button', { name: /Explain/ }).click();
    await page.getByText('The words speak for ask_price.').waitFor();
    expect(await page.locator('#explanation-body h3').allTextContents()).toEqual(['entities money: $5', 'intent ask price (90 %)', 'sentiment neutral (0.00)', 'language en (100 %)']);
    await page.getByText('threshold 0.5 · next best small talk (10 %)').waitFor();
    await shot('explain');
    expect(await seriousViolations()).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('#explanation').isVisible()).toBe(false);
    await page.getByRole('button', { name: /Explain/ }).click();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.locator('#explanation').isVisible()).toBe(false);
    expect(problems).toEqual([]);
  });

  it('shows thumbnails, voice notes with their duration, places, and refused files', async () => {
    const picture = await pictureBytes();
    const photo = await media.put(picture);
    const voice = await media.put(new Uint8Array([1, 2, 3]));
    const source = { stage: 'process-media@1' };
    await post({
      text: 'look',
      media: [{ kind: 'image', ref: photo, caption: 'only $5' }, { kind: 'audio', ref: voice }, { kind: 'location', latitude: 19.43, longitude: -99.13 }, { kind: 'document', ref: voice, name: 'quote.pdf' }, { kind: 'video' }],
      meta: {
        ann: {
          media: {
            source,
            score: 1,
            items: [
              { index: 0, kind: 'image', mimeType: 'image/png', sizeBytes: picture.length, ref: photo, verdict: 'transformed', widthPx: 64, heightPx: 48, thumbnailRef: photo, cleanRef: photo },
              { index: 1, kind: 'audio', mimeType: 'audio/ogg', sizeBytes: 12_345, ref: voice, verdict: 'accepted', durationMs: 7_400 },
              { index: 3, kind: 'document', sizeBytes: 3, ref: voice, verdict: 'refused', reason: 'MEDIA_TYPE_MISMATCH' },
            ],
          },
          entities: { source, score: 1, items: [{ type: 'money', part: 'media/0/caption', start: 5, end: 7, text: '$5', score: 1 }] },
        },
      },
    });
    await open({ width: 1200, height: 800 }, '/#/c/ana');
    await page.locator('.attachment img').waitFor();
    await expect.poll(() => page.locator('.attachment img').evaluate((node) => (node as HTMLImageElement).naturalWidth)).toBe(64);
    expect(await page.locator('.attachment figcaption mark').textContent()).toBe('$5');
    expect(await page.locator('.attachment .fact').allTextContents()).toEqual([`Photo · ${picture.length} B`, 'Voice note · 0:07 · 12 kB', 'Location · 19.43, -99.13', 'Document · refused: MEDIA_TYPE_MISMATCH', 'Video · its bytes are not here']);
    expect(await page.locator('audio').getAttribute('src')).toBe(`/media/${voice}`);
    await shot('media');
    expect(await seriousViolations()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('says that the connection is lost, comes back by itself and reads what it missed', async () => {
    await post({ text: 'hello' });
    await open({ width: 1200, height: 800 }, '/#/c/ana');
    await page.locator('.message').first().waitFor();
    const { port } = new URL(url);
    await api.close();
    await page.getByText('Connection lost. Trying again…').waitFor();
    await shot('offline');
    await page.getByLabel('New message').fill('are you there?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('#composer-note', { hasText: 'The runner does not answer.' }).waitFor();
    expect(await page.getByLabel('New message').inputValue()).toBe('are you there?');
    await store.open();
    await serve(Number(port));
    await post({ text: 'while you were away' });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.message', { hasText: 'while you were away' }).waitFor();
    await rowOf('while you were away').waitFor();
  });

  it('works on a screen of 360 px: one pane at a time, nothing wider than the screen', async () => {
    await post(
      { text: 'hello, good day. Call +525512345678 or write to a.very.long.address.that.does.not.break@some.very.long.domain.example.com for $250' },
      { text: `${'unbroken'.repeat(30)} https://example.com/${'path/'.repeat(40)}`, direction: 'outbound', author: { id: 'bot', role: 'bot', name: 'Casa Lista de Servicios del Hogar y Reparaciones' } },
      { text: 'bad #fault' },
      { conversationId: 'c-'.repeat(100), author: { id: '5'.repeat(200), role: 'customer' }, text: 'x'.repeat(500) },
    );
    await open({ width: 360, height: 740 });
    await rowOf('Ana Ruiz').waitFor();
    expect(await page.locator('#conversation').isVisible()).toBe(false);
    expect(await isWiderThanScreen()).toBe(false);
    await page.getByText('Filters').click();
    expect(await isWiderThanScreen()).toBe(false);
    await shot('phone-list');
    expect(await seriousViolations()).toEqual([]);
    await rowOf('Ana Ruiz').getByRole('button').click();
    await page.locator('.message').nth(2).waitFor();
    expect(await page.locator('#conversations').isVisible()).toBe(false);
    expect(await isWiderThanScreen()).toBe(false);
    await shot('phone-timeline');
    expect(await seriousViolations()).toEqual([]);
    await page.getByRole('button', { name: /Explain/ }).first().click();
    await page.getByText('Pipeline:').waitFor();
    expect(await isWiderThanScreen()).toBe(false);
    await shot('phone-explain');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Back to the list' }).click();
    await rowOf('Ana Ruiz').waitFor();
    expect(problems).toEqual([]);
  });
});

/** A real picture of 64 × 48 pixels. */
async function pictureBytes(): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return new Uint8Array(await sharp({ create: { width: 64, height: 48, channels: 3, background: { r: 40, g: 140, b: 120 } } }).png().toBuffer());
}
