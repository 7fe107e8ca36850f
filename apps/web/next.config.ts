import path from 'node:path'
import type { NextConfig } from 'next'

const root = path.join(import.meta.dirname, '../..')

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
]

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  turbopack: {
    root,
    resolveAlias: {
      // The generated schemas name protovalidate's descriptor, 15 kB that only servers need.
      '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js': './lib/api/validate-stub.ts',
    },
  },
  outputFileTracingRoot: root,
  headers: () => Promise.resolve([{ source: '/(.*)', headers: securityHeaders }]),
}

export default config
