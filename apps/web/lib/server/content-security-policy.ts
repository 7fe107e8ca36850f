import type { Addresses } from '@/lib/api/addresses'

/**
 * Scripts run by nonce only. Styles may be inline: Radix and React set them on elements, and a style
 * can not call anybody. The browser may talk to this site, the nodes and the payment provider.
 */
export function contentSecurityPolicy(
  { nodes, paymentUrl }: Addresses,
  nonce: string,
  development: boolean,
): string {
  // React uses eval for its error stacks in development, and the dev server a web socket.
  const [evaluate, socket] = development ? [" 'unsafe-eval'", ' ws:'] : ['', '']
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluate}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${[...nodes, paymentUrl].join(' ')}${socket}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
