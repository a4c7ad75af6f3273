export { ensureTopics, type EnsuredTopic, type EnsureTopicsOptions, type TopicSpec } from './ensure-topics.js';
export { kafkaSink, type KafkaSinkOptions } from './kafka-sink.js';
export { kafkaSource, type KafkaSourceOptions } from './kafka-source.js';
export type { KafkaConnection, KafkaSasl, KafkaTls } from './open-kafka.js';
