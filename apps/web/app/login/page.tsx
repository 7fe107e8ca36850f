import type { Metadata } from 'next'
import { LoginPage } from '@/features/account/components/login-page'

export const metadata: Metadata = { title: 'Log in' }

export default async function Page({ searchParams }: PageProps<'/login'>) {
  const { next } = await searchParams
  return <LoginPage next={localPath(next)} />
}

/** Only a path of this site: a link to the login must not lead elsewhere afterwards. */
function localPath(next: string | string[] | undefined): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/trips'
}
