export type { Annotations, Slot } from './annotations.js';
export { checkOrder, describeStages, type StageOutline } from './check-order.js';
export { optional } from './combinators/optional.js';
export { parallel } from './combinators/parallel.js';
export { when } from './combinators/when.js';
export { withDeadline } from './combinators/with-deadline.js';
export { contentRef, isContentRef } from './content-ref.js';
export { defineStage, stageName, type StageDefinition, type StageFactory, type StagePorts } from './define-stage.js';
export { createDoc, type Doc, type Fault } from './doc.js';
export { ColloquyError, classified, colloquyError, isColloquyError, type ColloquyErrorInit, type ErrorDetails } from './errors/colloquy-error.js';
export { errorTable, type ErrorCode, type ErrorEntry, type ErrorKind } from './errors/error-table.js';
export { safeFrames } from './errors/safe-frames.js';
export { memoryMediaStore } from './memory-media-store.js';
export type { Author, AuthorRole, Direction, JsonObject, JsonValue, MediaKind, MediaRef, Message, MessageInput } from './message.js';
export { messageLimits, parseMessage, type ParseMessageOptions } from './parse-message.js';
export { murmur2, partitionOf } from './partition-of.js';
export { pipeline, pipelineOf, type EnrichManyOptions, type EnrichOptions, type Pipeline, type PipelineOptions, type Processed } from './pipeline.js';
export type { AudioVideo, AudioVideoProbe } from './ports/audio-video.js';
export { systemClock, type Clock } from './ports/clock.js';
export type { DeadLetter, DeadLetterPage, DeadLetters } from './ports/dead-letters.js';
export { silentLogger, type LogFields, type Logger } from './ports/logger.js';
export type { MediaStore } from './ports/media-store.js';
export type { ModelArtefact, ModelManifest, ModelStore } from './ports/model-store.js';
export type { ParkedRecord, Parking } from './ports/parking.js';
export type { Sink, SinkRecord } from './ports/sink.js';
export type { Source, SourceListener, SourceRecord } from './ports/source.js';
export type { ConversationQuery, ConversationSummary, Page, RecentMessage, Store, StoredMessage } from './ports/store.js';
export { noTelemetry, type Labels, type Telemetry } from './ports/telemetry.js';
export type { StageFailure } from './run-stages.js';
export type { EntitiesAnnotation, Entity, EntityType, EntityValue } from './slots/entities.js';
export type { IntentAnnotation } from './slots/intent.js';
export type { LanguageAnnotation, LanguageCode } from './slots/language.js';
export type { MediaAnnotation, MediaItem } from './slots/media.js';
export type { SentimentAnnotation, SentimentLabel } from './slots/sentiment.js';
export type { AnnotationBase, AnnotationSource, Explanation, Span } from './span.js';
export { viewKey, type Patch, type RunOptions, type Stage, type StageContext, type StageId, type ViewKey } from './stage.js';
export type { SchemaInput, SchemaOutput, StandardSchema, StandardSchemaIssue, StandardSchemaResult } from './standard-schema.js';
export {
  compareKeys,
  facetsOf,
  foldSummary,
  lastOf,
  participantsLength,
  recentLength,
  recentOf,
  sentimentTrend,
  summaryOf,
  type SentimentTrend,
} from './summary.js';
export { textView, type TextView, type TextViewOptions } from './text/text-view.js';
