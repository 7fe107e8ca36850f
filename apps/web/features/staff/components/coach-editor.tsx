'use client'

import type { DescribedError } from '@quorail/cluster-client'
import { Plus, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { SelectField, TextField } from '@/components/ui/field'
import { className } from '@/lib/format/class-name'
import { plural } from '@/lib/format/time'
import { fieldError } from '../model/field-errors'
import { type CoachDraft, newCoach, seatsOf } from '../model/train-draft'

interface CoachEditorProps {
  readonly coaches: readonly CoachDraft[]
  readonly problem: DescribedError | undefined
  readonly onChange: (coaches: readonly CoachDraft[]) => void
}

export function CoachEditor({ coaches, problem, onChange }: CoachEditorProps) {
  const change = (index: number, part: Partial<CoachDraft>) =>
    onChange(coaches.map((coach, at) => (at === index ? { ...coach, ...part } : coach)))
  const seats = coaches.reduce((sum, coach) => sum + seatsOf(coach), 0)
  return (
    <Card className="flex flex-col gap-5 p-5 sm:p-6">
      <div>
        <h2 className="text-xl font-semibold">Coaches</h2>
        <p className="mt-1 text-sm text-ink-soft">
          Letters from window to window, a dash for the aisle: AB-CD. {plural(seats, 'seat')} in
          all.
        </p>
      </div>
      <ol className="flex flex-col gap-5">
        {coaches.map((coach, index) => {
          const at = (field: string) => fieldError(problem, `coaches[${index}].${field}`)
          return (
            <li key={coach.key}>
              <fieldset className="grid min-w-0 grid-cols-2 gap-3 sm:grid-cols-[6rem_minmax(0,1fr)_7rem_9rem_2.75rem]">
                <legend className="sr-only">Coach {index + 1}</legend>
                <TextField
                  label="Label"
                  maxLength={16}
                  value={coach.label}
                  error={at('label') ?? fieldError(problem, `coaches[${index}]`)}
                  onChange={({ target }) => change(index, { label: target.value })}
                />
                <SelectField
                  label="Class"
                  value={coach.classCode}
                  error={at('class_code')}
                  onChange={({ target }) => change(index, { classCode: target.value })}
                >
                  {['1', '2'].map((code) => (
                    <option key={code} value={code}>
                      {className(code)}
                    </option>
                  ))}
                </SelectField>
                <TextField
                  label="Rows"
                  type="number"
                  min={1}
                  max={200}
                  value={coach.rows}
                  error={at('rows')}
                  onChange={({ target }) => change(index, { rows: Number(target.value) })}
                />
                <TextField
                  label="Letters"
                  maxLength={51}
                  value={coach.columns}
                  error={at('columns')}
                  onChange={({ target }) => change(index, { columns: target.value.toUpperCase() })}
                />
                {coaches.length > 1 && (
                  <Button
                    variant="quiet"
                    size="icon"
                    aria-label={`Remove coach ${coach.label}`}
                    className="sm:mt-7"
                    onClick={() => onChange(coaches.filter(({ key }) => key !== coach.key))}
                  >
                    <Trash2 aria-hidden className="size-4.5" />
                  </Button>
                )}
              </fieldset>
            </li>
          )
        })}
      </ol>
      <Button
        variant="outline"
        size="small"
        className="self-start"
        onClick={() => onChange([...coaches, newCoach(String(coaches.length + 1))])}
      >
        <Plus aria-hidden className="size-4" />
        Add a coach
      </Button>
    </Card>
  )
}
