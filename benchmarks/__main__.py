"""`make bench`: what the program does, beside its floors in the same run; compare ratios only."""

import asyncio
import logging

from benchmarks import bookings, flows, open_times, pages


async def main() -> None:
    """Print every figure."""
    logging.getLogger("booking_web.access_log").setLevel(logging.WARNING)
    for line in open_times.measure():
        print(line)
    for measure in (bookings.measure, pages.measure, flows.measure):
        async for line in measure():
            print(line)


asyncio.run(main())
