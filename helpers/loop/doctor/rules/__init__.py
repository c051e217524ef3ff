"""The rules: each reads the story of a run, and yields what it finds.

A rule names its key, and says in three sentences what was seen, what it means and what
to write instead. It needs support from two steps, and knows its look-alikes.
"""

from helpers.loop.doctor.rules import (
    accumulation,
    data,
    graph,
    loss,
    modes,
    order,
    parameters,
    rates,
    state,
)

RULES = [
    *order.RULES,
    *graph.RULES,
    *parameters.RULES,
    *state.RULES,
    *modes.RULES,
    *loss.RULES,
    *rates.RULES,
    *accumulation.RULES,
    *data.RULES,
]
