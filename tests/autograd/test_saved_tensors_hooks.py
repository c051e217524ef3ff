"""torch.autograd.graph.saved_tensors_hooks, and what torch builds on them."""

import pytest
import torch
import torch.nn.functional as F
from torch.autograd.graph import (
    disable_saved_tensors_hooks,
    save_on_cpu,
    saved_tensors_hooks,
)
from torch.utils.checkpoint import checkpoint

from tests.engines import compare, error_of

DOUBLE = torch.float64
HOOKS = {
    "identity": lambda: saved_tensors_hooks(lambda t: t, lambda t: t),
    "as lists": lambda: saved_tensors_hooks(
        lambda t: (t.tolist(), t.dtype), lambda p: torch.tensor(p[0], dtype=p[1])
    ),
    "changed": lambda: saved_tensors_hooks(lambda t: t * 2, lambda t: t + 1),
    "on the CPU": save_on_cpu,
}
PROGRAMS = {
    "one operation": lambda x, w: x * w,
    "small operations": lambda x, w: (x * w).exp().sin().tanh() - x.cos() + w.relu(),
    "matrices": lambda x, w: (x[:, None] @ w[None]).softmax(-1),
    "a list": lambda x, w: torch.stack([x, w]).prod(0),
    "in place": lambda x, w: (x * 1).mul_(w).exp_().add_(x),
    "broadcasts": lambda x, w: x[:, None] * w,
}


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("hooks", HOOKS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_was_saved_passes_the_hooks(program, hooks, create_graph):
    def scenario(engine):
        x, w = engine.leaf(0.5, -1.0), engine.leaf(0.25, 2.0)
        with HOOKS[hooks]():
            result = PROGRAMS[program](x, w)
        found = engine.grad(result.sum(), [x, w], create_graph=create_graph)
        second = []
        if create_graph and hooks != "changed":
            second = engine.grad(sum(f.sum() for f in found), [x, w], allow_unused=True)
        return [[rounded(each) for each in gradients] for gradients in (found, second)]

    compare(scenario)


def rounded(gradient):
    return gradient if gradient is None else [round(g, 9) for g in gradient.tolist()]


def test_each_array_is_packed_once_and_unpacked_where_it_is_used():
    def scenario(engine):
        seen = []
        x, w = engine.leaf(1.0, 2.0), engine.leaf(3.0, 4.0)
        hooks = saved_tensors_hooks(
            lambda t: seen.append("packed") or t, lambda t: seen.append("unpacked") or t
        )
        with hooks:
            y = (x * w).exp().sin()
        z = y * y
        z.sum().backward()
        return seen, x.grad

    compare(scenario)


def test_a_functions_saved_tensors_pass_the_hooks():
    def scenario(engine):
        class Both(engine.Function):
            @staticmethod
            def forward(ctx, x):
                y = x * 2
                ctx.save_for_backward(x, None, y)
                return y

            @staticmethod
            def backward(ctx, gradient):
                x, nothing, y = ctx.saved_tensors
                return gradient * x * y

        x = engine.leaf(1.0, 2.0)
        with saved_tensors_hooks(lambda t: t * 10, lambda t: t + 1):
            y = Both.apply(x)
        y.sum().backward()
        return x.grad

    compare(scenario)


def test_what_hooks_keep_is_freed_and_its_versions_are_theirs():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        root = x * 1
        with saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
            y = root * root
        root.mul_(3)
        y.sum().backward()
        return x.grad, error_of(y.sum().backward, "second time")

    assert compare(scenario) == ([2.0, 4.0], RuntimeError)


def test_an_unpack_hook_must_return_a_tensor():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        with saved_tensors_hooks(lambda t: 3, lambda p: p):
            y = x * x
        return error_of(y.sum().backward, "expected to be a Tensor")

    assert compare(scenario) is TypeError


def test_hooks_may_be_forbidden():
    def scenario(engine):
        x = engine.leaf(1.0, 2.0)
        with disable_saved_tensors_hooks("not here"):
            try:
                with saved_tensors_hooks(lambda t: t, lambda t: t):
                    return x * x
            except RuntimeError as error:
                return "not here" in str(error)

    assert compare(scenario) is True


def test_checkpoint_computes_each_segment_once_more():
    def scenario(engine):
        calls = []
        w = engine.leaf_of(torch.full((3, 3), 0.25, dtype=DOUBLE))
        x = engine.leaf_of(torch.ones(2, 3, dtype=DOUBLE))

        def segment(a):
            calls.append(len(calls))
            return F.dropout((a @ w).tanh().exp(), 0.5) * a

        torch.manual_seed(3)
        y = x
        for _ in range(3):
            y = checkpoint(segment, y, use_reentrant=False)
        y.sum().backward()
        return x.grad, w.grad, calls

    assert len(compare(scenario)[2]) == 6
