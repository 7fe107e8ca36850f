'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useClient } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { useTrains } from '../hooks/use-staff'
import { fieldError } from '../model/field-errors'
import { emptyDraft, type TrainDraft, wireStops } from '../model/train-draft'
import { CoachEditor } from './coach-editor'
import { StopEditor } from './stop-editor'

export function TrainForm() {
  const administration = useClient('administration')
  const queries = useQueryClient()
  const router = useRouter()
  const [draft, setDraft] = useState(emptyDraft)
  const [problem, setProblem] = useState<DescribedError>()
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  // Trains of one railway mean their times in one zone.
  const { data: trains } = useTrains()
  const timeZone = draft.timeZone ?? trains?.at(-1)?.timeZone ?? 'UTC'
  const change = (part: Partial<TrainDraft>) => setDraft((old) => ({ ...old, ...part }))

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    const { number, name, stops, coaches } = draft
    try {
      await administration.addTrain({
        requestId: newRequestId(),
        number: number.trim(),
        name: name.trim(),
        timeZone,
        stops: wireStops(stops),
        coaches: coaches.map(({ key: _, ...coach }) => coach),
      })
      void queries.invalidateQueries({ queryKey: ['staff'] })
      router.push('/staff')
    } catch (error) {
      setProblem(describe(error))
      setBusy(false)
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
    }
  }

  const at = (field: string) => fieldError(problem, field)
  return (
    <div className="page max-w-4xl py-6 sm:py-10">
      <h1 className="mb-6 text-3xl font-semibold sm:text-4xl">Add a train</h1>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => void submit(event)}
        className="flex flex-col gap-6"
      >
        <Card className="grid gap-4 p-5 sm:grid-cols-3 sm:p-6">
          <TextField
            label="Number"
            placeholder="IC 104"
            maxLength={32}
            value={draft.number}
            error={at('number')}
            onChange={({ target }) => change({ number: target.value })}
          />
          <TextField
            label="Train name"
            hint="May be empty."
            maxLength={80}
            value={draft.name}
            error={at('name')}
            onChange={({ target }) => change({ name: target.value })}
          />
          <TextField
            label="Time zone"
            hint="In which its times are meant."
            value={timeZone}
            error={at('time_zone')}
            onChange={({ target }) => change({ timeZone: target.value })}
          />
        </Card>
        <StopEditor stops={draft.stops} problem={problem} onChange={(stops) => change({ stops })} />
        <CoachEditor
          coaches={draft.coaches}
          problem={problem}
          onChange={(coaches) => change({ coaches })}
        />
        {problem !== undefined && (
          <Notice tone="bad" title={problem.sentence}>
            {problem.nextStep}
          </Notice>
        )}
        <div className="flex justify-end gap-3">
          <Button variant="outline" onClick={() => router.push('/staff')}>
            Back
          </Button>
          <Button type="submit" disabled={busy}>
            {busy && <Spinner />}
            Add the train
          </Button>
        </div>
      </form>
    </div>
  )
}
