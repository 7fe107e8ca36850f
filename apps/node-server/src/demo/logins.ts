import { readFileSync } from 'node:fs'

export interface DemoLogin {
  readonly email: string
  readonly password: string
}

/** The logins of a demo, made at its first start and kept by whoever started it. */
export interface DemoLogins {
  readonly staff: DemoLogin
  readonly passenger: DemoLogin
  /** Runs the cluster; absent in folders of versions before there was one. */
  readonly operator?: DemoLogin
}

export function readDemoLogins(file: string): DemoLogins {
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const { staff, passenger, operator } = (parsed ?? {}) as Partial<DemoLogins>
  for (const login of [staff, passenger, operator ?? staff]) {
    if (typeof login?.email !== 'string' || typeof login.password !== 'string') {
      throw new Error(
        `${file} is no file of demo logins: it needs staff and passenger, each with email and password.`,
      )
    }
  }
  return { staff, passenger, ...(operator && { operator }) } as DemoLogins
}
