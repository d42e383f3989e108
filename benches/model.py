#!/usr/bin/env python3
"""What more cores would do for a stream: simulates the threads of src/batch/mod.rs, from the microseconds of
a block that were measured on one thread: how long a thread holds the source, works, and delivers.

    benches/model.py SOURCE WORK DELIVERY

Prints the throughput of 1 to 64 threads, each with a core of its own, as a multiple of one thread's. Memory
is as fast for many as for one, so the result is a bound.
"""

import heapq
import random
import sys
from itertools import count

BLOCKS, AHEAD = 20_000, 2  # AHEAD is that of src/batch/mod.rs.


def duration(threads: int, source: float, work: float, delivery: float) -> float:
    """The time in which all blocks are delivered."""
    chance, order, events = random.Random(1), count(), []
    source_is_free, taken, following, delivering, ready, waiting = 0.0, 0, 0, False, set(), []

    def at(time: float, step: str, place: int = -1) -> None:
        heapq.heappush(events, (time, next(order), step, place))

    for _ in range(threads):
        at(0, "take")
    while events:
        now, _, step, place = heapq.heappop(events)
        if step == "take":
            if taken < BLOCKS:
                source_is_free = max(now, source_is_free) + source
                at(source_is_free + work * chance.uniform(0.9, 1.1), "add", taken)
                taken += 1
            continue
        if step == "add":
            if place - following >= AHEAD * threads:
                waiting.append(place)
                continue
            ready.add(place)
        delivering = delivering and step == "add"
        if not delivering and following in ready:
            ready.remove(following)
            following, delivering = following + 1, True
            at(now + delivery, "delivered")
            continue
        while waiting:  # The thread that has nothing more to deliver wakes them.
            at(now, "add", waiting.pop())
        at(now, "take")
    return now


if __name__ == "__main__":
    times = [float(argument) for argument in sys.argv[1:]] if len(sys.argv) == 4 else sys.exit(__doc__)
    print("source {:.1%} of the work, delivery {:.1%}\n\n| threads | throughput |\n|---|---|".format(
        times[0] / times[1], times[2] / times[1]))
    for threads in (1, 2, 4, 8, 16, 32, 64):
        print(f"| {threads} | {duration(1, *times) / duration(threads, *times):.2f} |")
