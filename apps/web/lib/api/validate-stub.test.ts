import { HoldSeatsRequestSchema } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { describe, expect, it } from 'vitest'
import { file_buf_validate_validate } from './validate-stub'

describe("the stand-in for protovalidate's schema", () => {
  it('has the name and package by which our schemas import it', () => {
    expect(file_buf_validate_validate.proto.name).toBe('buf/validate/validate.proto')
    expect(file_buf_validate_validate.proto.package).toBe('buf.validate')
    expect(HoldSeatsRequestSchema.file.proto.dependency).toContain('buf/validate/validate.proto')
  })
})
