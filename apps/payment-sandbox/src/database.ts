import { mkdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'

export type SandboxDatabase = Database.Database

/** Opens the sandbox's own data. What is answered is on disk: `synchronous=FULL`. */
export function openDatabase(folder: string): SandboxDatabase {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new Database(path.join(folder, 'payments.sqlite'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.exec(schema)
  return database
}

// A card number is in no table: a token keeps the last four digits, the brand and the behaviour.
const schema = `
create table if not exists token (
  token text primary key,
  last4 text not null,
  brand text not null,
  behaviour text not null,
  created_at integer not null
) strict;
create table if not exists operation (
  key text primary key,
  kind text not null,
  fingerprint text not null,
  request text not null,
  state text not null check (state in ('pending', 'done', 'refused', 'burned')),
  due_at integer not null,
  status integer not null,
  answer text not null,
  created_at integer not null
) strict;
create table if not exists authorization (
  id text primary key,
  token text not null references token (token),
  amount_minor integer not null,
  currency text not null,
  reference text not null,
  state text not null check (state in ('authorized', 'declined', 'captured', 'voided')),
  refunded_minor integer not null default 0,
  created_at integer not null
) strict;
create index if not exists authorization_by_reference on authorization (reference);
create table if not exists movement (
  id text primary key,
  authorization_id text not null references authorization (id),
  kind text not null check (kind in ('capture', 'void', 'refund')),
  amount_minor integer not null,
  created_at integer not null
) strict;
create table if not exists delivery (
  number integer primary key,
  event_id text not null,
  body text not null,
  attempts integer not null default 0,
  next_at integer not null,
  delivered_at integer
) strict;
create index if not exists delivery_open on delivery (next_at) where delivered_at is null;
`
