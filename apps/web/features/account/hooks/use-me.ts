'use client'

import type { Account } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useClient } from '@/lib/api/connection'

const meKey = ['me'] as const

export interface Me {
  readonly account: Account | undefined
  /** False until the cluster has answered once. */
  readonly known: boolean
}

/** Who is logged in, as the cluster sees it: the cookie itself can not be read by the page. */
export function useMe(): Me {
  const accounts = useClient('accounts')
  const { data } = useQuery({
    queryKey: meKey,
    queryFn: async ({ signal }) => (await accounts.getMe({}, { signal })).account ?? null,
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  })
  return { account: data ?? undefined, known: data !== undefined }
}

/** Takes in that somebody logged in or out; what belongs to a person is asked for anew. */
export function useSetMe(): (account: Account | undefined) => void {
  const queries = useQueryClient()
  return useCallback(
    (account) => {
      queries.setQueryData(meKey, account ?? null)
      const personal = (query: { queryKey: readonly unknown[] }) => query.queryKey[0] === 'mine'
      if (account === undefined) queries.removeQueries({ predicate: personal })
      else void queries.invalidateQueries({ predicate: personal })
    },
    [queries],
  )
}
