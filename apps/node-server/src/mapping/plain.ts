/**
 * What a generated message looks like as the plain data of booking-fsm, at the level of types: 64-bit
 * integers are numbers, a oneof is a union with a `type`, an unset optional is `undefined`. It lets the
 * compiler compare the log's schema with the commands.
 */
export type Plain<T> = T extends bigint
  ? number
  : T extends string | number | boolean | Uint8Array
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends { readonly case: unknown }
        ? PlainChoice<T>
        : T extends object
          ? OwnKeys<T> extends OneofKeys<T>
            ? [OwnKeys<T>] extends [never]
              ? object
              : PlainChoice<T[OwnKeys<T>]>
            : PlainFields<T>
          : never

/** Each `{ case: 'a', value: A }` becomes `{ type: 'a' } & A`; the unset case is not a value. */
type PlainChoice<T> = T extends {
  readonly case: infer Case extends string
  readonly value: infer V
}
  ? Readonly<{ type: Case } & Plain<V>>
  : never

type PlainFields<T> = {
  readonly [K in OwnKeys<T> as undefined extends T[K] ? never : K]: Plain<T[K]>
} & {
  readonly [K in OwnKeys<T> as undefined extends T[K] ? K : never]?:
    | Plain<NonNullable<T[K]>>
    | undefined
}

type OwnKeys<T> = Exclude<keyof T, '$typeName' | '$unknown'>

type OneofKeys<T> = {
  [K in OwnKeys<T>]: T[K] extends { readonly case: unknown } ? K : never
}[OwnKeys<T>]
