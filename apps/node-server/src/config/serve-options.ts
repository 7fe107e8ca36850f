/** The options of `serve`, once: flags, environment and file are read by this table. */
export interface Option {
  readonly kind: 'text' | 'list' | 'switch'
  readonly default?: string
}

const text: Option = { kind: 'text' }
const list: Option = { kind: 'list' }
const otherwise = (value: string): Option => ({ kind: 'text', default: value })

export const serveOptions = {
  id: text,
  data: text,
  'client-port': text,
  'peer-port': text,
  host: list,
  cluster: text,
  join: list,
  advertise: text,
  'cluster-id': text,
  origin: list,
  'peer-cert-file': text,
  'peer-key-file': text,
  'peer-ca-file': text,
  'client-cert-file': text,
  'client-key-file': text,
  'client-ca-file': text,
  'payment-url': text,
  'payment-secret-file': text,
  'seal-key-file': text,
  'smtp-url-file': text,
  'mail-from': otherwise('Quorail <tickets@localhost>'),
  'holds-per-minute': otherwise('0'),
  'searches-per-minute': otherwise('0'),
  'behind-proxy': { kind: 'switch' },
  'gateway-url': text,
  demo: text,
  'first-operator': text,
  'demo-time-zone': otherwise('Europe/Lisbon'),
  'hold-ms': otherwise('600000'),
  'retain-log-mib': otherwise('512'),
  'skip-entry': list,
  'rehash-minutes': otherwise('1440'),
  'metrics-port': text,
  'log-file': text,
  'log-level': otherwise('info'),
  'slow-request-ms': otherwise('1000'),
} as const satisfies Readonly<Record<string, Option>>

export type ServeOption = keyof typeof serveOptions

export const serveOptionNames = Object.keys(serveOptions) as readonly ServeOption[]

export function isServeOption(name: string): name is ServeOption {
  return Object.hasOwn(serveOptions, name)
}
