import { z } from 'zod';

/** What a message must be for the stage of a `when` entry to run; all that are given must hold. */
export interface WhenEntry {
  readonly stage: PipelineEntry;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly channel?: string | undefined;
  readonly role?: 'customer' | 'provider' | 'agent' | 'bot' | 'system' | undefined;
  readonly language?: string | undefined;
  readonly intent?: string | undefined;
  readonly sentiment?: 'positive' | 'neutral' | 'negative' | undefined;
}

/** One entry of `pipeline:`: a stage id, a stage id with options, or a combinator. */
export type PipelineEntry =
  | string
  | { readonly parallel: readonly PipelineEntry[] }
  | { readonly optional: PipelineEntry }
  | { readonly deadline: { readonly ms: number; readonly stage: PipelineEntry } }
  | { readonly when: WhenEntry }
  | { readonly [stageId: string]: Readonly<Record<string, unknown>> };

const stageId = z.string().regex(/^[a-z][a-z0-9-]*@[1-9]\d*$/, 'expected a stage id with its version, such as classify-intent@1');

const whenEntry = z
  .strictObject({
    get stage() {
      return pipelineEntry.describe('The stage that runs where the conditions hold.');
    },
    direction: z.enum(['inbound', 'outbound']).optional().describe('Only messages of this direction.'),
    channel: z.string().optional().describe('Only messages of this channel, such as whatsapp.'),
    role: z.enum(['customer', 'provider', 'agent', 'bot', 'system']).optional().describe('Only messages whose author has this role.'),
    language: z.string().optional().describe('Only messages in this language, such as es; needs an identify-language stage before it.'),
    intent: z.string().optional().describe('Only messages with this intent; needs a classify-intent stage before it.'),
    sentiment: z.enum(['positive', 'neutral', 'negative']).optional().describe('Only messages of this sentiment; needs a score-sentiment stage before it.'),
  })
  .refine((entry) => Object.keys(entry).length > 1, 'expected at least one condition besides stage');

export const pipelineEntry: z.ZodType<PipelineEntry> = z.lazy(() =>
  z
    .union(
      [
        stageId.describe('A stage with its default options.'),
        z.strictObject({ parallel: z.array(pipelineEntry).min(2) }).describe('Stages side by side; none sees what another adds.'),
        z.strictObject({ optional: pipelineEntry }).describe('A stage whose failure never holds a message up.'),
        z
          .strictObject({ deadline: z.strictObject({ ms: z.int().positive(), stage: pipelineEntry }) })
          .describe('A stage that is given up on after so many milliseconds.'),
        z.strictObject({ when: whenEntry }).describe('A stage that runs only where the conditions hold.'),
        z
          .record(stageId, z.record(z.string(), z.unknown()))
          .refine((entry) => Object.keys(entry).length === 1, 'expected one stage an entry')
          .describe('A stage with options.'),
      ],
      'expected a stage such as classify-intent@1, { classify-intent@1: { … } }, { parallel: [ … ] }, { optional: … }, { deadline: { ms, stage } } or { when: { …, stage } }',
    )
    .meta({ id: 'PipelineEntry' }),
);
