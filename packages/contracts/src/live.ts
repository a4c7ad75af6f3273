import { z } from 'zod';
import { enrichedMessageSchema, httpSchemas } from './http.js';

/** What the server sends over the WebSocket /live, each as one JSON text frame. Clients send nothing. */
export const liveEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), heartbeatMs: z.int().describe('Without a frame for twice as long the connection is dead') }),
  z.object({ type: z.literal('messages'), items: z.array(enrichedMessageSchema).describe('As they are stored, in that order') }),
  z.object({ type: z.literal('heartbeat') }),
]);

httpSchemas.add(liveEventSchema, { id: 'LiveEvent' });
