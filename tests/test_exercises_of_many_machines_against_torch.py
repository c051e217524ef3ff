"""The worked solutions of chapter 15 are right because torch and arithmetic say so."""

import pytest
import torch
from torch import nn

from helpers.exercises.chapter_15 import (
    e1_which_mean,
    e2_token_weights,
    e3_ranks_needed,
    e4_clip,
)


def gradient(tokens):
    """Of the mean loss over tokens, each of which has the gradient that is given."""
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (w * torch.tensor(tokens, dtype=torch.float64)).mean().backward()
    return w.grad.item()


def test_which_mean():
    first, second = gradient([2.0, 4.0, 6.0]), gradient([12.0])
    readings = e1_which_mean.READINGS
    assert readings["averaged"] == (first + second) / 2
    assert readings["summed"] == first + second
    assert readings["one machine"] == gradient([2.0, 4.0, 6.0, 12.0])
    weights = readings["weight of rank 0"], readings["weight of rank 1"]
    weighted = (weights[0] * first + weights[1] * second) / 2
    assert weighted == readings["one machine"]


@pytest.mark.parametrize(
    "counts",
    [case[0] for case in e2_token_weights.EXERCISE.cases() if any(map(sum, case[0]))],
)
def test_weighted_micro_batches_are_the_mean_over_all_tokens(counts):
    drawn = torch.Generator().manual_seed(0)
    batches = [[torch.randn(c, generator=drawn).tolist() for c in r] for r in counts]
    weights = e2_token_weights.token_weights(counts)
    sums = [
        sum(w * gradient(b) for w, b in zip(ws, bs, strict=True) if b)
        for ws, bs in zip(weights, batches, strict=True)
    ]
    every_token = [token for rank in batches for batch in rank for token in batch]
    assert sum(sums) / len(counts) == pytest.approx(gradient(every_token))


def gigabytes(parameters, ranks, stage):
    """As the chapter has it."""
    dealt = (0, 12, 14, 16)[stage]
    return parameters * (16 - dealt + dealt / ranks) / 1e9


@pytest.mark.parametrize("case", e3_ranks_needed.EXERCISE.cases())
def test_no_smaller_number_of_ranks_is_enough(case):
    parameters, limit, stage = case
    fitting = (n for n in range(1, 2000) if gigabytes(parameters, n, stage) <= limit)
    assert e3_ranks_needed.ranks_needed(parameters, limit, stage) == next(fitting, None)


@pytest.mark.parametrize("place", range(5))
def test_clipped_as_on_one_machine(place):
    shares, max_norm = e4_clip.EXERCISE.cases()[place]
    parameters = [nn.Parameter(torch.zeros_like(g)) for share in shares for g in share]
    for parameter, found in zip(parameters, sum(shares, []), strict=True):
        parameter.grad = found.clone()
    norm = nn.utils.clip_grad_norm_(parameters, max_norm)
    assert e4_clip.clip(shares, max_norm) == pytest.approx(norm.item())
    for parameter, found in zip(parameters, sum(shares, []), strict=True):
        torch.testing.assert_close(found, parameter.grad, rtol=1e-5, atol=0)
