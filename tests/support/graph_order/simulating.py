"""Every order that Terraform allows, drawn: each step takes some time, and what waits for it begins after that."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from tests.support.graph_order.order import Configuration, Order, Step
from tests.support.graph_order.world import World

SLOWEST_SECONDS = 1000.0
Judge = Callable[[World], Iterator[str]]


def drawn(order: Order, random: Random) -> list[Step]:
    """Draw one order of the steps; some steps take very long, as ACM and DNS do, others no time."""
    seconds = {step: random.choice((0.0, 1.0, SLOWEST_SECONDS)) + random.random() for step in order.waits}
    ends: dict[Step, float] = {}

    def end(step: Step) -> float:
        if step not in ends:
            ends[step] = max((end(other) for other in order.waits[step]), default=0.0) + seconds[step]
        return ends[step]

    return sorted(order.waits, key=end)


def faults(
    order: Order, before: World, configuration: Configuration, judge: Judge, *, random: Random, draws: int
) -> dict[str, Sequence[Step]]:
    """Walk through drawn orders; give every fault with an order that leads to it, up to the step that shows it."""
    found: dict[str, Sequence[Step]] = {}
    judged: set[frozenset[Step]] = set()  # what stands follows from the steps that are done, in whatever order
    for _ in range(draws):
        world, steps = World(dict(before.standing)), drawn(order, random)
        for number, step in enumerate(steps, start=1):
            world.take(step, configuration)
            done = frozenset(steps[:number])
            for fault in judge(world) if done not in judged else ():
                found.setdefault(fault, steps[:number])
            judged.add(done)
    return found


def after(order: Order, before: World, configuration: Configuration) -> World:
    """Give what stands once all is done."""
    world = World(dict(before.standing))
    for step in drawn(order, Random(0)):
        world.take(step, configuration)
    return world
