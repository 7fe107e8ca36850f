/** Planted bugs in companies that book on account. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const test = 'handlers/companies.test.ts'

export const companyMutants: readonly Mutant[] = [
  foundBy(
    test,
    mutant(
      'a company owes more than it may',
      'handlers/companies.ts',
      "return due > left ? refuse('creditExceeded', { figure: left }) : undefined",
      'return left < 0 ? undefined : undefined',
    ),
  ),
  foundBy(
    test,
    mutant(
      'what is given back is owed on',
      'refund-paid.ts',
      '  if (company !== undefined) charge(work, company, payment, -amountMinor, before)\n',
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a line is left out where the next portion begins',
      'companies/write-invoices.ts',
      'if (left-- === 0) {',
      'if (left-- === 0) {\n      state.companyItems.delete(item.itemId)',
    ),
  ),
  foundBy(
    test,
    mutant(
      'an invoice is paid twice over',
      'handlers/companies.ts',
      "  if (amountMinor > left) return refuse('tooMuchPaid', { figure: left })\n",
      '',
    ),
  ),
]
