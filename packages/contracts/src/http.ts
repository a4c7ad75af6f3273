import { z } from 'zod';
import { conversationSummarySchema, storedMessageSchema } from './stored.js';

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
const cursor = z.string().min(1).max(4_096).describe('`next` of the page before');
const limit = z.coerce.number().int().min(1).max(maxPageItems).default(defaultPageItems);

const authorInput = named('AuthorInput', z.strictObject({ id, role: z.enum(['customer', 'provider', 'agent', 'bot', 'system']).optional().describe('Default `customer`'), name: z.string().max(256).optional() }));

const mediaRefInput = named(
  'MediaRefInput',
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
    media: z.array(mediaRefInput).max(32).optional(),
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

const stored = storedMessageSchema.unwrap().shape;
const { recent: _recent, ...summary } = conversationSummarySchema.unwrap().shape;
named('Author', stored.author);
named('Annotations', stored.ann);
const faults = named('Faults', stored.faults);

export const enrichedMessageSchema = named('EnrichedMessage', z.strictObject({ ...stored, meta: z.record(z.string(), z.unknown()) }));

export const explainedMessageSchema = named(
  'ExplainedMessage',
  z.object({ id, conversationId: id, ann: stored.ann, faults, pipeline: z.array(z.string()) }).describe('Annotations made anew, with `why`'),
);

/** A stored summary without the ring that guards it, and with the trend instead. */
export const conversationSchema = named(
  'Conversation',
  z.strictObject({
    ...summary,
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
    delivery: z.looseObject({
      state: z.string(),
      dependencies: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), since: instant, code: z.string().optional() })).optional().describe('How the last call of the delivery to each went'),
    }),
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
