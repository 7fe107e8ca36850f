export interface Picture {
  /** Of the file: `bench-NAME.svg`. */
  readonly name: string
  readonly title: string
  readonly svg: string
}
