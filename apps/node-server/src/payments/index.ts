/** Money: what the log has decided is done at the provider, and what the provider says is logged. */
export { type Outbox, type OutboxLimits, type OutboxOptions, startOutbox } from './outbox-worker.ts'
export type { PaymentLog } from './payment-log.ts'
export { referenceOf } from './provider-client.ts'
export {
  createWebhookHandler,
  type WebhookHandler,
  type WebhookOptions,
  webhookPath,
} from './webhook.ts'
