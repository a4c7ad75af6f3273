import type { Annotations, JsonValue } from '@colloquy/core';
import { z } from 'zod';

const id = z.string().min(1).max(256);
const label = z.string().min(1);
const instant = z.iso.datetime({ precision: 3 }).describe('ISO 8601 in UTC with milliseconds');
const contentRef = z.string().regex(/^sha256-[0-9a-f]{64}$/);
const confidence = z.number().min(0).max(1);
const polarity = z.number().min(-1).max(1);
const count = z.int().min(0);
const direction = z.enum(['inbound', 'outbound']);
const mediaKind = z.enum(['image', 'audio', 'video', 'document', 'sticker', 'location', 'contact']);
const json: z.ZodType<JsonValue> = z.json();

const list = <T extends z.ZodType>(item: T) => z.array(item).readonly();

const author = z
  .strictObject({ id, role: z.enum(['customer', 'provider', 'agent', 'bot', 'system']), name: z.string().exactOptional() })
  .readonly();

const mediaRef = z
  .strictObject({
    kind: mediaKind,
    ref: contentRef.exactOptional().describe('Key of the bytes in the media store'),
    file: z.string().exactOptional().describe('Path as given, where no source has taken its bytes'),
    mimeType: z.string().exactOptional().describe('As declared by the sender'),
    name: z.string().exactOptional(),
    caption: z.string().exactOptional(),
    latitude: z.number().min(-90).max(90).exactOptional(),
    longitude: z.number().min(-180).max(180).exactOptional(),
  })
  .readonly();

const explanation = z
  .strictObject({
    summary: z.string(),
    evidence: list(z.strictObject({ what: z.string(), weight: z.number() }).readonly()),
    threshold: z.number().exactOptional(),
    runnerUp: z.strictObject({ name: z.string(), score: z.number() }).readonly().exactOptional(),
  })
  .readonly();

const annotation = {
  source: z.strictObject({ stage: label, model: label.exactOptional() }).readonly(),
  score: confidence,
  why: explanation.exactOptional(),
};

const span = {
  part: label.describe('`text`, `media/0/caption`, …'),
  start: count.describe('In UTF-16 code units of the part as received'),
  end: count.describe('Exclusive'),
};

const entityValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), number: z.number() }).readonly(),
  z.strictObject({ kind: z.literal('money'), amount: z.number(), currency: z.string().exactOptional() }).readonly(),
  z.strictObject({ kind: z.literal('datetime'), from: z.string(), to: z.string().exactOptional(), grain: z.enum(['date', 'time', 'datetime']) }).readonly(),
  z.strictObject({ kind: z.literal('phone'), e164: z.string(), country: z.string().exactOptional() }).readonly(),
  z.strictObject({ kind: z.literal('text'), text: z.string() }).readonly(),
]);

const mediaItem = z
  .strictObject({
    index: count,
    kind: mediaKind,
    declaredMimeType: z.string().exactOptional(),
    mimeType: z.string().exactOptional(),
    sizeBytes: count,
    ref: contentRef,
    verdict: z.enum(['accepted', 'transformed', 'refused']),
    reason: z.string().exactOptional(),
    widthPx: z.number().exactOptional(),
    heightPx: z.number().exactOptional(),
    pages: count.exactOptional(),
    animated: z.boolean().exactOptional(),
    durationMs: z.number().min(0).exactOptional(),
    codec: z.string().exactOptional(),
    thumbnailRef: contentRef.exactOptional(),
    cleanRef: contentRef.exactOptional(),
  })
  .readonly();

/** The built-in slots. */
export const slotSchemas = {
  language: z
    .strictObject({
      ...annotation,
      code: label,
      alternatives: list(z.strictObject({ code: label, score: confidence }).readonly()),
      spans: list(z.strictObject({ ...span, code: label, score: confidence }).readonly()).exactOptional(),
    })
    .readonly(),
  intent: z.strictObject({ ...annotation, name: label, alternatives: list(z.strictObject({ name: label, score: confidence }).readonly()) }).readonly(),
  entities: z
    .strictObject({
      ...annotation,
      items: list(z.strictObject({ ...span, type: label, text: z.string(), score: confidence, value: entityValue.exactOptional() }).readonly()),
    })
    .readonly(),
  sentiment: z.strictObject({ ...annotation, score: polarity, label: z.enum(['positive', 'neutral', 'negative']), intensity: confidence }).readonly(),
  media: z.strictObject({ ...annotation, items: list(mediaItem) }).readonly(),
};

const { language, intent, entities, sentiment, media } = slotSchemas;

/** Slots of third parties pass: only their authors know their form. */
const annotations: z.ZodType<Readonly<Partial<Annotations>>> = z
  .looseObject({
    language: language.exactOptional(),
    intent: intent.exactOptional(),
    entities: entities.exactOptional(),
    sentiment: sentiment.exactOptional(),
    media: media.exactOptional(),
  })
  .readonly();

/** One enriched message as a store keeps it: StoredMessage of core, described in docs/reference/stored.md. */
export const storedMessageSchema = z
  .strictObject({
    id,
    conversationId: id,
    at: instant,
    author,
    channel: z.string(),
    direction,
    text: z.string(),
    media: list(mediaRef),
    meta: z.record(z.string(), json).readonly(),
    ann: annotations,
    faults: list(z.strictObject({ stage: label, code: label, kind: z.enum(['input', 'config', 'transient', 'fault', 'bug']) }).readonly()),
    pipeline: list(label),
    position: z.strictObject({ source: label, partition: label, offset: count }).readonly(),
    enrichedAt: instant,
  })
  .readonly();

/** One conversation as a store keeps it: ConversationSummary of core. */
export const conversationSummarySchema = z
  .strictObject({
    id,
    participants: list(author).describe('By author id, each once, at most 64'),
    firstAt: instant,
    counts: z.strictObject({ messages: count, inbound: count, outbound: count, media: count, faults: count }).readonly(),
    last: z.strictObject({ at: instant, id, direction, preview: z.string() }).readonly(),
    lastIntent: z.strictObject({ at: instant, id, name: label }).readonly().exactOptional(),
    facets: list(label),
    recent: list(z.strictObject({ id, at: instant, sentiment: polarity.exactOptional() }).readonly()),
  })
  .readonly();
