import { type DescFile, type DescMessage, type DescService, toBinary } from '@bufbuild/protobuf'
import { nestedTypes } from '@bufbuild/protobuf/reflect'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'

/** What the schemas of some services declare, by every name that a tool may ask for. */
export interface DescriptorBook {
  readonly services: readonly string[]
  /** The file and all that it needs, the file first; undefined when there is none. */
  byName(file: string): readonly Uint8Array[] | undefined
  bySymbol(symbol: string): readonly Uint8Array[] | undefined
  byExtension(extended: string, number: number): readonly Uint8Array[] | undefined
  /** Undefined when there is no such message. */
  extensionsOf(message: string): readonly number[] | undefined
}

export function createDescriptorBook(services: readonly DescService[]): DescriptorBook {
  const files = new Map<string, DescFile>()
  for (const { file } of services)
    for (const one of withImports(file)) files.set(fileName(one), one)
  const symbols = new Map<string, DescFile>()
  const extensions = new Map<string, Map<number, DescFile>>()
  for (const file of files.values()) {
    for (const symbol of symbolsOf(file)) symbols.set(symbol, file)
    for (const type of nestedTypes(file)) {
      if (type.kind === 'message' && !extensions.has(type.typeName))
        extensions.set(type.typeName, new Map())
      if (type.kind !== 'extension') continue
      const of = extensions.get(type.extendee.typeName) ?? new Map<number, DescFile>()
      extensions.set(type.extendee.typeName, of.set(type.number, file))
    }
  }
  const encoded = new Map<DescFile, Uint8Array>()
  const bytesOf = (file: DescFile): Uint8Array => {
    const known = encoded.get(file) ?? toBinary(FileDescriptorProtoSchema, file.proto)
    encoded.set(file, known)
    return known
  }
  const whole = (file: DescFile | undefined): readonly Uint8Array[] | undefined =>
    file && withImports(file).map(bytesOf)
  return {
    services: services.map(({ typeName }) => typeName).sort(),
    byName: (name) => whole(files.get(name)),
    bySymbol: (symbol) => whole(symbols.get(symbol.replace(/^[.]/, ''))),
    byExtension: (extended, number) => whole(extensions.get(extended)?.get(number)),
    extensionsOf: (message) => {
      const numbers = extensions.get(message)
      return numbers && [...numbers.keys()].sort((a, b) => a - b)
    },
  }
}

/** Descriptors know their files without `.proto`; tools ask with it. */
const fileName = ({ proto }: DescFile): string => proto.name

function withImports(file: DescFile, seen = new Set<DescFile>()): DescFile[] {
  if (seen.has(file)) return []
  seen.add(file)
  return [file, ...file.dependencies.flatMap((one) => withImports(one, seen))]
}

function* symbolsOf(file: DescFile): Iterable<string> {
  for (const type of nestedTypes(file)) {
    yield type.typeName
    if (type.kind === 'service')
      for (const { name } of type.methods) yield `${type.typeName}.${name}`
    if (type.kind === 'enum') for (const { name } of type.values) yield `${scopeOf(type)}${name}`
    if (type.kind === 'message') yield* membersOf(type)
  }
}

function* membersOf({ typeName, fields, oneofs }: DescMessage): Iterable<string> {
  for (const { name } of [...fields, ...oneofs]) yield `${typeName}.${name}`
}

/** An enum's values are siblings of the enum, as protobuf has it from C++. */
const scopeOf = ({ typeName, name }: { typeName: string; name: string }): string =>
  typeName.slice(0, typeName.length - name.length)
