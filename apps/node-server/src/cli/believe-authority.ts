import { parseArgs } from 'node:util'
import { BelievedAuthority } from '../certificates/believed-authority.ts'
import { CertificateError } from '../certificates/certificate-error.ts'
import { UsageError } from './usage-error.ts'

/** Takes `--ca FILE` out of a command's words: from now on the nodes' certificates may be that authority's. */
export function believeAuthority(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const { tokens } = parseArgs({
    args: [...words],
    options: { ca: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const token = tokens.find((it) => it.kind === 'option' && it.name === 'ca')
  const given = token?.kind === 'option' ? token : undefined
  if (given !== undefined && typeof given.value !== 'string')
    throw new UsageError('--ca needs a FILE: the certificate of who signs the nodes’ certificates.')
  const file = given?.value ?? environment.QUORAIL_CA
  if (file !== undefined) believe(file)
  if (given === undefined) return words
  return words.toSpliced(given.index, given.inlineValue === true ? 1 : 2)
}

function believe(file: string): void {
  try {
    new BelievedAuthority(file)
  } catch (error) {
    if (error instanceof CertificateError) throw new UsageError(error.message)
    throw error
  }
}
