"""The comparisons and the Markdown table of them: the sides take turns, the ratio is taken pair by pair."""

import statistics
from dataclasses import dataclass

HEAD = ("| what | goal | median | 10th to 90th percentile | ns a line, each |\n"
        "|---|---|---|---|---|")


@dataclass
class Goal:
    """At least, or at most, so much; where nothing is judged, as in a smoke run, only its words count."""

    words: str
    least: float | None = None
    most: float | None = None

    def verdict(self, measured: float, judged: bool) -> str:
        if not judged or (self.least is None and self.most is None):
            return self.words
        met = (self.least is None or measured >= self.least) and (
            self.most is None or measured <= self.most)
        return f"{self.words}: {'met' if met else '**missed**'}"


def at_least(least: float) -> Goal:
    return Goal(f"at least {least:.2f}", least=least)


def at_most(most: float) -> Goal:
    return Goal(f"at most {most:.2f}", most=most)


NONE = Goal("none")


@dataclass
class Table:
    """Prints each row as soon as it is measured."""

    rounds: int
    judged: bool

    def row(self, what: str, goal: Goal, a, b, *, rounds: int | None = None, times: bool = False) -> None:
        """The throughput of A over that of B, or with `times` the time of a line of A over that of B."""
        a.line(), b.line()
        pairs = [(a.line(), b.line()) for _ in range(rounds or self.rounds)]
        if min(map(min, pairs)) <= 0:
            return self.print(what, goal.words, "too short to tell", "", "")
        ratios = [x / y if times else y / x for x, y in pairs]
        deciles = statistics.quantiles(ratios, n=10, method="inclusive")
        middle = statistics.median(ratios)
        each = " / ".join(f"{statistics.median(side):,.0f}" for side in zip(*pairs))
        self.print(what, goal.verdict(middle, self.judged), f"**{middle:.2f}**",
                   f"{deciles[0]:.2f} to {deciles[-1]:.2f}", each)

    def amount(self, what: str, goal: Goal, measured: float) -> None:
        self.print(what, goal.verdict(measured, self.judged), f"**{measured:.1f} MiB**", "", "")

    def print(self, *cells: str) -> None:
        print(f"| {' | '.join(cells)} |", flush=True)
