const names: Readonly<Record<string, string>> = { 1: 'First class', 2: 'Second class' }

export function className(code: string): string {
  return names[code] ?? `Class ${code}`
}
