/** Certificates that are read again when their files change, so that they are renewed without a restart. */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { CertificateError } from './certificate-error.ts'
import type { KeyAndCertificate, PemFile } from './own-certificates.ts'

/** What counts now. */
export interface Current<T> {
  get(): T
  /** From now on told of every new one. */
  onChange(listener: (value: T) => void): void
}

export interface WatchedOptions<Name extends string, T extends KeyAndCertificate> {
  readonly files: Readonly<Record<Name, string>>
  /** Throws a `CertificateError` for what may not be used. */
  readonly read: (files: Readonly<Record<Name, PemFile>>) => T
  /** New ones count from now on. */
  readonly onRenewed?: (value: T) => void
  /** The files have changed into something that may not be used: what there was goes on counting. Once for each change. */
  readonly onRefused?: (error: CertificateError) => void
}

/** Throws a `CertificateError` when they may not be used from the start. */
export class WatchedCertificate<Name extends string, T extends KeyAndCertificate>
  implements Current<T>
{
  readonly #options: WatchedOptions<Name, T>
  readonly #listeners: ((value: T) => void)[] = []
  #text: string
  #value: T

  constructor(options: WatchedOptions<Name, T>) {
    this.#options = options
    const files = pemFiles(options.files)
    this.#text = textOf(files)
    this.#value = options.read(files)
  }

  get(): T {
    return this.#value
  }

  onChange(listener: (value: T) => void): void {
    this.#listeners.push(listener)
  }

  /** Looks whether the files are others by now. */
  async look(): Promise<void> {
    const names = Object.values<string>(this.#options.files)
    const texts = await Promise.all(names.map((file) => readFile(file, 'utf8').catch(() => '')))
    const textOfFile = new Map(names.map((file, at) => [file, texts[at] ?? '']))
    const read = (file: string): string => textOfFile.get(file) ?? ''
    const files = pemFiles(this.#options.files, read)
    const text = textOf(files)
    if (text === this.#text) return
    this.#text = text
    this.#take(files)
  }

  #take(files: Readonly<Record<Name, PemFile>>): void {
    const { read, onRenewed, onRefused } = this.#options
    try {
      this.#value = read(files)
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error
      onRefused?.(error)
      return
    }
    for (const listener of this.#listeners) listener(this.#value)
    onRenewed?.(this.#value)
  }
}

/** The files with what is in them now; throws a `CertificateError` where one can not be read. */
export function pemFiles<Name extends string>(
  files: Readonly<Record<Name, string>>,
  read: (file: string) => string = readNow,
): Readonly<Record<Name, PemFile>> {
  const entries = Object.entries<string>(files)
  return Object.fromEntries(
    entries.map(([name, file]) => [name, { file, text: read(file) }]),
  ) as Record<Name, PemFile>
}

const textOf = (files: Readonly<Record<string, PemFile>>): string =>
  Object.values(files)
    .map(({ text }) => text)
    .join('\n')

function readNow(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CertificateError(
      'CERTIFICATE_UNREADABLE',
      `${file} can not be read: ${String(error)}`,
    )
  }
}
