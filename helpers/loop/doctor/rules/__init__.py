"""The rules: each reads the story of a run, and yields what it finds.

A rule names its key, and says in three sentences what was seen, what it means and what
to write instead. It needs support from two steps, and knows its look-alikes.
"""

from helpers.loop.doctor.rules import (
    accumulation,
    averages,
    by_hand,
    clipping,
    closures,
    data,
    decay,
    frozen,
    graph,
    graph_twice,
    horizons,
    leaves,
    loss,
    modes,
    order,
    parameters,
    rates,
    replaced,
    schedules,
    state,
)

RULES = [
    *order.RULES,
    *by_hand.RULES,
    *graph.RULES,
    *leaves.RULES,
    *graph_twice.RULES,
    *parameters.RULES,
    *replaced.RULES,
    *frozen.RULES,
    *decay.RULES,
    *state.RULES,
    *averages.RULES,
    *modes.RULES,
    *loss.RULES,
    *rates.RULES,
    *schedules.RULES,
    *horizons.RULES,
    *clipping.RULES,
    *accumulation.RULES,
    *closures.RULES,
    *data.RULES,
]
