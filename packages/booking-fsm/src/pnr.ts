export function isPnr(_text: string): boolean {
  throw new Error('soon')
}
