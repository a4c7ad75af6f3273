// The public surface for those who build pipelines and write stages. Stages, adapters, the delivery engine and the runner
// have entry points of their own: colloquy/classify-intent, colloquy/kafka, colloquy/stream, colloquy/runtime, …

// pipelines
export { optional, parallel, pipeline, pipelineOf, when, withDeadline } from '@colloquy/core';
export type { EnrichManyOptions, EnrichOptions, Pipeline, PipelineOptions, Processed, StageFailure } from '@colloquy/core';

// messages in, documents out
export { messageLimits, parseMessage } from '@colloquy/core';
export type {
  Annotations,
  Author,
  AuthorRole,
  Direction,
  Doc,
  Fault,
  JsonObject,
  JsonValue,
  MediaKind,
  MediaRef,
  Message,
  MessageInput,
  ParseMessageOptions,
  Slot,
} from '@colloquy/core';

// what the built-in slots hold
export type {
  AnnotationBase,
  AnnotationSource,
  EntitiesAnnotation,
  Entity,
  EntityType,
  EntityValue,
  Explanation,
  IntentAnnotation,
  LanguageAnnotation,
  LanguageCode,
  MediaAnnotation,
  MediaItem,
  SentimentAnnotation,
  SentimentLabel,
  Span,
} from '@colloquy/core';

// writing a stage
export { defineStage, textView, viewKey } from '@colloquy/core';
export type { Patch, Stage, StageContext, StageDefinition, StageFactory, StageId, StagePorts, StandardSchema, TextView, TextViewOptions, ViewKey } from '@colloquy/core';

// ports a caller may fill
export { contentRef, memoryMediaStore, silentLogger, systemClock } from '@colloquy/core';
export type { AudioVideo, AudioVideoProbe, Clock, LogFields, Logger, MediaStore, ModelArtefact, ModelManifest, ModelStore, Telemetry } from '@colloquy/core';

// errors
export { ColloquyError, colloquyError, errorTable, isColloquyError } from '@colloquy/core';
export type { ErrorCode, ErrorDetails, ErrorKind } from '@colloquy/core';
