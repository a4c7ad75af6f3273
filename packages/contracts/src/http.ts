import { z } from 'zod';

/** Every schema of the HTTP interface, under the name it has in docs/reference/openapi.json. */
export const httpSchemas = z.registry<{ id: string }>();

const named = <T extends z.ZodType>(id: string, schema: T): T => {
  httpSchemas.add(schema, { id });
  return schema;
};

export const maxMessagesPerRequest = 1_000;
export const maxPageItems = 100;
export const defaultPageItems = 20;

const id = z.string().min(1).max(256);
const label = z.string().min(1).max(64);
const instant = z.iso.datetime({ offset: true });
const contentRef = z.string().regex(/^sha256-[0-9a-f]{64}$/);
const score = z.number().describe('In [0, 1]');
const cursor = z.string().min(1).max(4_096).describe('`next` of the page before');
const limit = z.coerce.number().int().min(1).max(maxPageItems).default(defaultPageItems);

const role = z.enum(['customer', 'provider', 'agent', 'bot', 'system']);
const authorInput = named('AuthorInput', z.strictObject({ id, role: role.optional().describe('Default `customer`'), name: z.string().max(256).optional() }));
const author = named('Author', z.object({ id, role, name: z.string().optional() }));

const mediaRef = named(
  'MediaRef',
  z.strictObject({
    kind: z.enum(['image', 'audio', 'video', 'document', 'sticker', 'location', 'contact']),
    ref: contentRef.optional().describe('What POST /media answered'),
    mimeType: z.string().max(256).optional().describe('As declared by the sender; not trusted'),
    name: z.string().max(256).optional(),
    caption: z.string().optional(),
    latitude: z.number().min(-90).max(90).optional(),
    longitude: z.number().min(-180).max(180).optional(),
  }),
);

/** Describes what parseMessage of core takes, without its limits that JSON Schema cannot say; parseMessage is the judge. */
export const messageInputSchema = named(
  'MessageInput',
  z.strictObject({
    id: id.describe('Unique; the same id again changes nothing'),
    conversationId: id,
    at: instant.optional().describe('When it was sent; default now'),
    author: authorInput.optional().describe('Default: the customer whose id is the conversation'),
    channel: z.string().max(256).optional().describe('Default `unknown`'),
    direction: z.enum(['inbound', 'outbound']).optional().describe('Default `inbound`'),
    text: z.string().max(65_536).optional().describe('Text or media is needed'),
    media: z.array(mediaRef).max(32).optional(),
    meta: z.record(z.string(), z.unknown()).optional().describe('Your own data'),
  }),
);

export const messageListSchema = named('MessageList', z.array(messageInputSchema).min(1).max(maxMessagesPerRequest));

const itemResult = named(
  'ItemResult',
  z.object({
    index: z.int().min(0),
    status: z.enum(['accepted', 'refused']),
    id: id.optional(),
    code: z.string().optional().describe('Code of docs/reference/errors.md'),
    detail: z.string().optional(),
  }),
);
export type ItemResult = z.output<typeof itemResult>;

export const acceptedSchema = named(
  'Accepted',
  z.object({ accepted: z.int().min(0), refused: z.int().min(0), items: z.array(itemResult).describe('One for each message, in the order sent') }),
);
export type Accepted = z.output<typeof acceptedSchema>;

export const mediaStoredSchema = named('MediaStored', z.object({ ref: contentRef, sizeBytes: z.int() }));
export type MediaStored = z.output<typeof mediaStoredSchema>;

const explanation = named(
  'Explanation',
  z.object({
    summary: z.string(),
    evidence: z.array(z.object({ what: z.string(), weight: z.number() })),
    threshold: z.number().optional(),
    runnerUp: z.object({ name: z.string(), score: z.number() }).optional(),
  }),
);

const annotation = { source: z.object({ stage: z.string(), model: z.string().optional() }), score, why: explanation.optional() };
const span = {
  part: z.string().describe('`text`, `media/0/caption`, …'),
  start: z.int().min(0).describe('In UTF-16 code units of the part as received'),
  end: z.int().min(0).describe('Exclusive'),
};

const entity = named('Entity', z.object({ ...span, type: z.string(), text: z.string(), score, value: z.looseObject({ kind: z.string() }).optional() }));

const mediaItem = named(
  'MediaItem',
  z.looseObject({
    index: z.int().min(0),
    kind: z.string(),
    mimeType: z.string().optional().describe('By magic bytes'),
    sizeBytes: z.int(),
    ref: contentRef,
    verdict: z.enum(['accepted', 'transformed', 'refused']),
    reason: z.string().optional(),
    durationMs: z.number().optional(),
    thumbnailRef: contentRef.optional(),
    cleanRef: contentRef.optional(),
  }),
);

const annotations = named(
  'Annotations',
  z.looseObject({
    language: z.looseObject({ ...annotation, code: z.string() }).optional(),
    intent: z.looseObject({ ...annotation, name: z.string(), alternatives: z.array(z.object({ name: z.string(), score })) }).optional(),
    entities: z.looseObject({ ...annotation, items: z.array(entity) }).optional(),
    sentiment: z.looseObject({ ...annotation, score: z.number().describe('Polarity in [-1, 1]'), label: z.enum(['positive', 'neutral', 'negative']), intensity: score }).optional(),
    media: z.looseObject({ ...annotation, items: z.array(mediaItem) }).optional(),
  }),
);

const fault = named('Fault', z.object({ stage: z.string(), code: z.string(), kind: z.enum(['input', 'config', 'transient', 'fault', 'bug']) }));

export const enrichedMessageSchema = named(
  'EnrichedMessage',
  z.object({
    id,
    conversationId: id,
    at: instant,
    author,
    channel: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    text: z.string().describe('As received'),
    media: z.array(mediaRef),
    meta: z.record(z.string(), z.unknown()),
    ann: annotations,
    faults: z.array(fault),
    pipeline: z.array(z.string()).describe('Ids of the stages and models that saw it'),
    position: z.object({ source: z.string(), partition: z.string(), offset: z.number() }),
    enrichedAt: instant,
  }),
);

export const explainedMessageSchema = named(
  'ExplainedMessage',
  z.object({ id, conversationId: id, ann: annotations.describe('Made anew with `why`; nothing is stored'), faults: z.array(fault), pipeline: z.array(z.string()) }),
);

export const conversationSchema = named(
  'Conversation',
  z.object({
    id,
    participants: z.array(author),
    firstAt: instant,
    counts: z.object({ messages: z.int(), inbound: z.int(), outbound: z.int(), media: z.int(), faults: z.int() }),
    last: z.object({ at: instant, id, direction: z.enum(['inbound', 'outbound']), preview: z.string() }),
    lastIntent: z.object({ at: instant, id, name: z.string() }).optional(),
    facets: z.array(z.string()).describe('`intent:ask_price`, `sentiment:negative`, `entity:phone`, `language:es`, `channel:whatsapp`'),
    sentiment: z
      .object({ mean: z.number(), change: z.number(), direction: z.enum(['rising', 'falling', 'steady']) })
      .optional()
      .describe('Trend of the most recent inbound messages'),
  }),
);

const pageOf = <T extends z.ZodType>(name: string, item: T) => named(name, z.object({ items: z.array(item), next: z.string().optional().describe('Pass as `after`; absent on the last page') }));
export const conversationPageSchema = pageOf('ConversationPage', conversationSchema);
export const messagePageSchema = pageOf('MessagePage', enrichedMessageSchema);

export const deadLetterPageSchema = named(
  'DeadLetterPage',
  z.object({
    total: z.int().min(0),
    items: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        partition: z.string(),
        offset: z.number(),
        deadAt: instant,
        attempts: z.int(),
        stage: z.string().optional(),
        code: z.string(),
        kind: z.string(),
        fingerprint: z.string(),
        sizeBytes: z.int(),
        messageId: z.string().optional(),
        conversationId: z.string().optional(),
        pipeline: z.array(z.string()),
        codeVersion: z.string(),
      }),
    ),
    next: z.string().optional(),
  }),
);
export type DeadLetterPageAnswer = z.output<typeof deadLetterPageSchema>;

const check = z.object({ status: z.enum(['up', 'down']), ms: z.number(), code: z.string().optional() });

export const liveSchema = named('Live', z.object({ status: z.literal('up'), uptimeMs: z.number() }));

export const healthSchema = named(
  'Health',
  z.object({
    status: z.enum(['up', 'down']),
    uptimeMs: z.number(),
    delivery: z.looseObject({ state: z.string() }),
    checks: z.record(z.string(), check),
    parked: z.int().optional().describe('Messages that wait to be tried again'),
    deadLetters: z.int().optional(),
  }),
);
export type Health = z.output<typeof healthSchema>;

/** RFC 9457. */
export const problemSchema = named(
  'Problem',
  z.object({
    type: z.string().describe('`urn:colloquy:error:` and the code'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Code of docs/reference/errors.md'),
    detail: z.string(),
    correlationId: z.string(),
    items: z.array(itemResult).optional().describe('Only for a list of messages of which none was valid'),
  }),
);
export type Problem = z.output<typeof problemSchema>;

export const pageQuerySchema = z.strictObject({ limit, after: cursor.optional() });

export const conversationQuerySchema = z.strictObject({
  intent: label.optional(),
  sentiment: z.enum(['positive', 'neutral', 'negative']).optional(),
  entityType: label.optional(),
  language: label.optional(),
  from: instant.optional().describe('Last activity at or after'),
  to: instant.optional().describe('Last activity before'),
  limit,
  after: cursor.optional(),
});
