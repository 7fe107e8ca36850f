import { ScalarType } from '@bufbuild/protobuf'
import { MappingError, type ValueCodec } from './mapping-error.ts'

/** The scalars that commands use. Every integer is a safe one in plain data. */
export function scalarCodec(type: ScalarType, words: readonly string[] | undefined): ValueCodec {
  switch (type) {
    case ScalarType.INT64:
    case ScalarType.SINT64:
      return bigIntegers(Number.MIN_SAFE_INTEGER)
    case ScalarType.UINT64:
      return bigIntegers(0)
    case ScalarType.UINT32:
      return plainIntegers(0, 2 ** 32 - 1)
    case ScalarType.INT32:
    case ScalarType.SINT32:
      return plainIntegers(-(2 ** 31), 2 ** 31 - 1)
    case ScalarType.BOOL:
      return checked((value, place) => {
        if (typeof value !== 'boolean') throw new MappingError(place, 'is not true or false')
      })
    case ScalarType.STRING:
      return checked((value, place) => checkText(value, words, place))
    default:
      throw new Error(`commands do not use ${ScalarType[type]}`)
  }
}

/** The same value on both sides, checked both ways. */
function checked(check: (value: unknown, place: string) => void): ValueCodec {
  const pass = (value: unknown, place: string): unknown => {
    check(value, place)
    return value
  }
  return { toMessage: pass, toPlain: pass }
}

function plainIntegers(least: number, most: number): ValueCodec {
  return checked((value, place) => checkInteger(value, least, most, place))
}

function bigIntegers(least: number): ValueCodec {
  return {
    toMessage(value, place) {
      checkInteger(value, least, Number.MAX_SAFE_INTEGER, place)
      return BigInt(value as number)
    },
    toPlain(value, place) {
      const number = Number(value as bigint)
      checkInteger(number, least, Number.MAX_SAFE_INTEGER, place)
      return number
    },
  }
}

function checkInteger(value: unknown, least: number, most: number, place: string): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0))
    throw new MappingError(place, `${String(value)} is not a safe integer`)
  if ((value as number) < least || (value as number) > most)
    throw new MappingError(place, `${String(value)} is not between ${least} and ${most}`)
}

function checkText(value: unknown, words: readonly string[] | undefined, place: string): void {
  if (typeof value !== 'string') throw new MappingError(place, 'is not a text')
  // A lone surrogate would come back from UTF-8 as another character.
  if (/\p{Surrogate}/u.test(value)) throw new MappingError(place, 'is not well-formed Unicode')
  if (words !== undefined && !words.includes(value))
    throw new MappingError(place, `"${value}" is none of ${words.join(', ')}`)
}
