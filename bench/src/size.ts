/** What a user of raft-core downloads: the package as it is installed, and a bundle of each door. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Findings, number, type Table, verdict } from './harness/report.ts'
import type { Subject } from './harness/subject.ts'

/** design: at most, gzipped, of the door `.`; a kilobyte is 1,000 bytes. */
const MOST_BYTES = 30_000

export const sizeSubject: Subject = { options: {}, pace: { seconds: 1, rounds: 1 }, run }

interface Manifest {
  readonly name: string
  readonly files: readonly string[]
  readonly exports: Readonly<Record<string, { readonly default: string } | string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

interface Bundle {
  readonly door: string
  /** Bytes of each file of the package in it, before it is minified. */
  readonly files: Readonly<Record<string, number>>
  readonly minifiedBytes: number
  readonly gzipBytes: number
}

async function run(): Promise<Findings> {
  const manifestFile = createRequire(import.meta.url).resolve('@quorail/raft-core/package.json')
  const folder = path.dirname(manifestFile)
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
  const installed = installedSize(folder, manifest)
  const dependencies = Object.keys(manifest.dependencies ?? {}).length
  const bundler = await openBundler()
  const bundles: Bundle[] = []
  for (const [door, target] of Object.entries(manifest.exports)) {
    if (typeof target === 'string') continue
    const { code, files } = await bundler.bundle(path.join(folder, target.default))
    const gzipBytes = gzipSync(code, { level: 9 }).length
    bundles.push({ door, files, minifiedBytes: Buffer.byteLength(code), gzipBytes })
  }
  const main = bundles.find(({ door }) => door === '.')
  if (main === undefined) throw new Error('raft-core has no door "."')
  return {
    tables: [installedTable(installed, dependencies), bundleTable(bundles), partTable(main)],
    verdicts: [
      verdict('dependencies', dependencies, '', { atMost: 0 }),
      verdict('gzip bundle of "."', main.gzipBytes, 'bytes', { atMost: MOST_BYTES }),
    ],
    notes: [
      `Bundled and minified by rolldown ${bundler.version}, which vite brings; gzip level 9.`,
    ],
    measurements: [],
    figures: { installed, dependencies, bundles, rolldown: bundler.version },
  }
}

interface Installed {
  readonly files: number
  readonly bytes: number
  readonly codeBytes: number
  readonly typeBytes: number
}

/** What is named in `files`, and what npm packs in any case. */
function installedSize(folder: string, { files }: Manifest): Installed {
  const always = /^(package\.json|README.*|LICEN[CS]E.*)$/i
  const roots = [...files, ...readdirSync(folder).filter((name) => always.test(name))]
  const found = roots.flatMap((name) => filesIn(path.join(folder, name)))
  const bytesOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(name).size, 0)
  return {
    files: found.length,
    bytes: bytesOf(found),
    codeBytes: bytesOf(found.filter((name) => name.endsWith('.js'))),
    typeBytes: bytesOf(found.filter((name) => name.endsWith('.d.ts'))),
  }
}

function filesIn(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [place]
  return readdirSync(place).flatMap((name) => filesIn(path.join(place, name)))
}

function installedTable(installed: Installed, dependencies: number): Table {
  const row = (what: string, value: number, unit: string) => [
    what,
    value.toLocaleString('en'),
    unit,
  ]
  return {
    title: 'raft-core, installed',
    columns: ['what', 'size', ''],
    rows: [
      row('everything', installed.bytes, 'bytes'),
      row('its code', installed.codeBytes, 'bytes'),
      row('its types', installed.typeBytes, 'bytes'),
      row('files', installed.files, ''),
      row('dependencies', dependencies, ''),
    ],
  }
}

function bundleTable(bundles: readonly Bundle[]): Table {
  return {
    title: 'Bundle of each door, with all it exports',
    columns: ['door', 'minified bytes', 'gzip bytes', 'gzip kB'],
    rows: bundles.map(({ door, minifiedBytes, gzipBytes }) => [
      door,
      minifiedBytes.toLocaleString('en'),
      gzipBytes.toLocaleString('en'),
      number(gzipBytes / 1000),
    ]),
  }
}

/** Where its weight comes from: its folders, and the largest files. */
function partTable({ door, files }: Bundle): Table {
  const all = Object.values(files).reduce((sum, bytes) => sum + bytes, 0)
  const folders: Record<string, number> = {}
  for (const [file, bytes] of Object.entries(files)) {
    const name = file.includes('/') ? `${file.split('/')[0]}/` : file
    folders[name] = (folders[name] ?? 0) + bytes
  }
  const rows = (parts: Readonly<Record<string, number>>, most: number) =>
    Object.entries(parts)
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, bytes]) => [
        name,
        bytes.toLocaleString('en'),
        `${number((100 * bytes) / all)} %`,
      ])
  return {
    title: `What the bundle of "${door}" is made of, before it is minified`,
    columns: ['folder or file', 'bytes', 'of all'],
    rows: [...rows(folders, 8), ...rows(files, 10)],
  }
}

interface Chunk {
  readonly code?: string
  readonly modules?: Readonly<Record<string, { readonly code: string | null }>>
}

interface Rolldown {
  rolldown(options: object): Promise<{
    generate(options: object): Promise<{ output: readonly Chunk[] }>
    close(): Promise<void>
  }>
  readonly VERSION: string
}

/** rolldown is no dependency of ours: it comes with vite, which comes with vitest. */
async function openBundler() {
  const fromVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'))
  const fromVite = createRequire(fromVitest.resolve('vite/package.json'))
  const { rolldown, VERSION } = (await import(fromVite.resolve('rolldown'))) as Rolldown
  const bundle = async (input: string) => {
    const built = await rolldown({ input, platform: 'node', treeshake: true })
    const { output } = await built.generate({ format: 'esm', minify: true })
    await built.close()
    const files: Record<string, number> = {}
    for (const [name, { code }] of output.flatMap(({ modules = {} }) => Object.entries(modules))) {
      files[name.replace(/^.*\/dist\//, '')] = code?.length ?? 0
    }
    return { code: output.map(({ code }) => code ?? '').join(''), files }
  }
  return { bundle, version: VERSION }
}
