'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import type { Train } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useClient } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { addDays, isDate, localToday } from '@/lib/format/dates'
import { plural } from '@/lib/format/time'
import { fieldError } from '../model/field-errors'
import { everyDay, hasDay, toggleDay, weekdays } from '../model/weekdays'

export function AddRunsDialog({ train, onClose }: { train: Train; onClose: () => void }) {
  const administration = useClient('administration')
  const queries = useQueryClient()
  const start =
    train.lastServiceDate >= localToday() ? addDays(train.lastServiceDate, 1) : localToday()
  const [fromDate, setFrom] = useState(start)
  const [toDate, setTo] = useState(addDays(start, 13))
  const [days, setDays] = useState(everyDay)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<DescribedError>()
  const [done, setDone] = useState<string>()

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(undefined)
    try {
      const request = { requestId: newRequestId(), trainId: train.trainId, fromDate, toDate }
      const answer = await administration.addRuns({ ...request, weekdays: days })
      const skipped =
        answer.skipped === 0 ? '' : ` ${plural(answer.skipped, 'day')} had one already.`
      setDone(`${plural(answer.runIds.length, 'run')} opened.${skipped}`)
      void queries.invalidateQueries({ queryKey: ['staff'] })
    } catch (error) {
      setProblem(describe(error))
    }
    setBusy(false)
  }

  const [fromError, toError] = [fieldError(problem, 'from_date'), fieldError(problem, 'to_date')]
  const elsewhere = problem !== undefined && !fromError && !toError
  const valid = isDate(fromDate) && isDate(toDate) && days !== 0
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Open runs of ${train.number}`}
      description="Days that have a run already are left as they are."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <div className="grid grid-cols-2 gap-4">
          <TextField
            label="First day"
            type="date"
            value={fromDate}
            error={fromError}
            onChange={({ target }) => setFrom(target.value)}
          />
          <TextField
            label="Last day"
            type="date"
            value={toDate}
            error={toError}
            onChange={({ target }) => setTo(target.value)}
          />
        </div>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">On</legend>
          <div className="grid grid-cols-7 gap-1.5">
            {weekdays.map((name, day) => (
              <label
                key={name}
                className="grid h-11 cursor-pointer place-items-center rounded-control border border-edge text-sm font-medium has-checked:border-brand has-checked:bg-brand has-checked:text-on-brand has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
              >
                <input
                  type="checkbox"
                  className="sr-only"
                  checked={hasDay(days, day)}
                  onChange={() => setDays(toggleDay(days, day))}
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        {elsewhere && (
          <Notice tone="bad" title={problem.sentence}>
            {problem.nextStep}
          </Notice>
        )}
        {done !== undefined && <Notice tone="good" title={done} />}
        <div className="flex justify-end gap-3">
          <Button variant="outline" onClick={onClose}>
            {done === undefined ? 'Close' : 'Done'}
          </Button>
          <Button type="submit" disabled={busy || !valid}>
            {busy && <Spinner />}
            Open runs
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
