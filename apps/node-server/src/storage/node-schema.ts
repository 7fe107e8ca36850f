/** Where the cluster's nodes are reached. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const nodes = sqliteTable('nodes', {
  name: text('name').primaryKey(),
  clientUrl: text('client_url').notNull(),
  peerUrl: text('peer_url').notNull(),
  byOperator: integer('by_operator').notNull(),
})
