"""The three rooms: order of calls, links between the parts, numbers."""

from helpers.museum.rooms import (
    links_graph,
    links_owners,
    numbers_data,
    numbers_loss,
    numbers_rates,
    order_calls,
    order_modes,
)

ROOMS = {
    "order": (*order_calls.EXHIBITS, *order_modes.EXHIBITS),
    "links": (*links_graph.EXHIBITS, *links_owners.EXHIBITS),
    "numbers": (
        *numbers_loss.EXHIBITS,
        *numbers_rates.EXHIBITS,
        *numbers_data.EXHIBITS,
    ),
}
