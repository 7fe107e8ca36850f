import type { Principal } from '../auth/principal.ts'
import type { EncodedBody } from './encoded-body.ts'

/** A state that a subject had, and how it came from the one before. */
export interface Version {
  readonly number: number
  readonly index: number
  readonly fingerprint: Uint8Array
  /** What has changed since the version before; undefined: everything may have. */
  readonly change: EncodedBody | undefined
}

/** Something that can be watched, as this node sees it; one for all who watch it. */
export interface Subject {
  /** The same for the same thing to watch. */
  readonly name: string
  /** The things that it is made of: when one of them is touched, it is looked at again. Changes with each look. */
  readonly madeOf: readonly string[]
  /** It is looked at at most so often. */
  readonly gapMs: number
  /** Depends on the clock as well. */
  readonly tellsTime: boolean
  /** The whole state at the last look; undefined when it is not there any more: look again, and ask at once. */
  whole(): EncodedBody | undefined
  /** Forgets what the next look makes again. */
  shrink(): void
  /** Looks at the state as it is now. */
  look(): Look
  /** Throws what somebody is told who may not see it. After the first look. */
  admit(principal: Principal | undefined): void
}

export type Look =
  | { readonly type: 'same' }
  | {
      readonly type: 'changed'
      readonly fingerprint: Uint8Array
      /** undefined: everything may be different. */
      readonly change: EncodedBody | undefined
    }
  /** It will not change any more. */
  | { readonly type: 'ended' }
