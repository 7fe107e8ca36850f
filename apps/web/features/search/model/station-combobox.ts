/** A station as the combobox knows it; the wire's Station has these fields and more. */
export interface StationOption {
  readonly code: string
  readonly name: string
  readonly aliases: readonly string[]
}

export type StationChoice = Pick<StationOption, 'code' | 'name'>

export interface ComboboxState {
  readonly text: string
  readonly chosen: StationChoice | undefined
  readonly open: boolean
  /** The highlighted option; -1 when none. */
  readonly active: number
}

export type ComboboxAction =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'moved'; readonly by: 1 | -1 | 'first' | 'last'; readonly count: number }
  | { readonly type: 'pointed'; readonly index: number }
  | { readonly type: 'chose'; readonly station: StationChoice }
  | { readonly type: 'set'; readonly station: StationChoice | undefined }

export function startWith(station: StationChoice | undefined): ComboboxState {
  return { text: station?.name ?? '', chosen: station, open: false, active: -1 }
}

/** The keyboard of the ARIA combobox pattern with a list, without React. */
export function reduceCombobox(state: ComboboxState, action: ComboboxAction): ComboboxState {
  switch (action.type) {
    case 'typed':
      // The best match is highlighted at once, so that Enter or Tab takes it.
      return {
        text: action.text,
        chosen: undefined,
        open: true,
        active: action.text === '' ? -1 : 0,
      }
    case 'opened':
      return state.open ? state : { ...state, open: true, active: -1 }
    case 'closed':
      return state.open ? { ...state, open: false, active: -1 } : state
    case 'moved':
      return { ...state, open: true, active: move(state, action.by, action.count) }
    case 'pointed':
      return { ...state, active: action.index }
    case 'chose':
    case 'set':
      return startWith(action.station)
  }
}

function move(state: ComboboxState, by: 1 | -1 | 'first' | 'last', count: number): number {
  if (count === 0) return -1
  if (by === 'first') return 0
  if (by === 'last') return count - 1
  if (!state.open || state.active < 0) return by === 1 ? 0 : count - 1
  return (state.active + by + count) % count
}

/** Lower case without accents: "Brézières" is found by "brezieres". */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .trim()
}

/** What a typed text means without a pick: a station whose name, alias or code it is exactly. */
export function exactMatch(
  text: string,
  options: readonly StationOption[],
): StationOption | undefined {
  const wanted = fold(text)
  if (wanted === '') return undefined
  return options.find(({ code, name, aliases }) =>
    [code, name, ...aliases].some((known) => fold(known) === wanted),
  )
}

/** Options that plainly contain the text, while the cluster has not answered yet. */
export function fitting(text: string, options: readonly StationOption[]): readonly StationOption[] {
  const wanted = fold(text)
  return options.filter(({ code, name, aliases }) =>
    [code, name, ...aliases].some((known) => fold(known).includes(wanted)),
  )
}

/** The alias that explains why an option is in the list, when the name alone does not. */
export function explainingAlias(text: string, option: StationOption): string | undefined {
  const wanted = fold(text)
  if (wanted === '' || fold(option.name).includes(wanted)) return undefined
  return option.aliases.find((alias) => fold(alias).includes(wanted))
}
