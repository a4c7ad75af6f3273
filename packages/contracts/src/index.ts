export { decodeMessage, encodeMessage } from './message-codec.js';
export {
  acceptedSchema,
  conversationPageSchema,
  conversationQuerySchema,
  conversationSchema,
  deadLetterPageSchema,
  defaultPageItems,
  enrichedMessageSchema,
  explainedMessageSchema,
  healthSchema,
  httpSchemas,
  liveSchema,
  maxMessagesPerRequest,
  maxPageItems,
  mediaStoredSchema,
  messageInputSchema,
  messageListSchema,
  messagePageSchema,
  pageQuerySchema,
  problemSchema,
  type Accepted,
  type DeadLetterPageAnswer,
  type Health,
  type ItemResult,
  type MediaStored,
  type Problem,
} from './http.js';
export { liveEventSchema } from './live.js';
export { checkedLimit, conversationFilter, cursorOf, keyOfCursor, pageOf, type ConversationFilter, type PageKey } from './store-query.js';
export { refusalHeaders, refusalOf } from './refusal-headers.js';
export { conversationSummarySchema, slotSchemas, storedMessageSchema } from './stored.js';
