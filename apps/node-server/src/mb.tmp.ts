import { create, toBinary } from '@bufbuild/protobuf'
import { HoldSeatsResponseSchema } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { createMemoryHost, foundMemoryHost } from './testing/memory-host.ts'
import { demoJourney, soldBooking, registered } from './testing/sold-booking.ts'
import { demoCommands } from './timetable/demo-timetable.ts'
import { findBooking } from '@quorail/booking-fsm'
import { bookingMessage } from './mapping/views.ts'
import { bytesOf } from './wire/message-writer.ts'
const nowMs = Date.UTC(2026, 10, 22, 9)
const host = createMemoryHost(nowMs); foundMemoryHost(host)
for (const command of demoCommands({ nowMs, timeZone: 'Europe/Zurich' })) host.run(command)
const a = registered(host, 'x@y.z' as never) as any
const id = soldBooking(host, typeof a==='number'?a:1, ['Ann'])
const st = host.state
const b = findBooking(st, id)!
const f = { view: () => findBooking(st, id), msg: () => bookingMessage(st, b), enc: () => toBinary(HoldSeatsResponseSchema, create(HoldSeatsResponseSchema, {booking: bookingMessage(st,b), index: 5n})), enc2: () => bytesOf(HoldSeatsResponseSchema, {booking: bookingMessage(st,b), index: 5n}) }
console.log(f.enc().length)
for (let r=0;r<3;r++) for (const [n,g] of Object.entries(f)) { const c=process.cpuUsage(); for(let i=0;i<50000;i++) g(); const d=process.cpuUsage(c); console.log(n, ((d.user+d.system)/5e4).toFixed(2),'µs') }
