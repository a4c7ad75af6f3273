export { createDelivery } from './delivery.js';
export { deliveryDefaults, type DeliveryOptions, type DeliverySettings, type RetryOptions } from './delivery-options.js';
export type { Delivery, DeliveryParts, DeliveryStatus, DependencyName, DependencyStatus, PartitionStatus } from './delivery-parts.js';
