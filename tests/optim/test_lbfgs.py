"""LBFGS makes the iterates of torch.optim.LBFGS."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import problems
from tests.engines import raw
from tests.optim.minimising import assert_goes_as_torch, double, run_of
from tests.optim.optimizers import OUR_WORLDS, TORCHS

WORLDS = pytest.mark.parametrize("world", OUR_WORLDS, ids=lambda world: world.name)
SEARCHES = pytest.mark.parametrize("search", [None, "strong_wolfe"])
OURS = OUR_WORLDS[0]
ALL = problems.MORE_GARBOW_HILLSTROM


@SEARCHES
@pytest.mark.parametrize("number", ALL)
def test_the_first_steps_on_known_problems(number, search):
    problem = ALL[number]
    lr = 1 if search else 0.01
    options = {"line_search_fn": search, "max_iter": 6, "max_eval": 20, "lr": lr}
    assert_goes_as_torch(problem, double(problem.start), steps=2, **options)


class Smooth:
    """A random smooth function, bounded below, of three tensors of unlike shapes."""

    shapes = (3, 2), (), (4,)

    def __init__(self, seed):
        chance = torch.Generator().manual_seed(seed)
        options = {"generator": chance, "dtype": torch.float64}
        self.mix = torch.randn(11, 11, **options) / 3
        self.shift = torch.randn(11, **options)
        self.starts = [torch.randn(each, **options) for each in self.shapes]

    def __call__(self, *parts):
        flat = torch.cat([each.reshape(-1) for each in parts])
        turned = self.mix @ flat + self.shift
        waves = torch.sqrt(1 + turned * turned).sum()
        return waves + 0.05 * (flat * flat).sum() + 0.1 * torch.sin(turned).sum()


@SEARCHES
@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), history=st.sampled_from([1, 3, 100]))
def test_random_smooth_functions(search, seed, history):
    function = Smooth(seed)
    lr = 1 if search else 0.3
    options = {"line_search_fn": search, "history_size": history, "lr": lr}
    assert_goes_as_torch(function, *function.starts, max_iter=5, **options)


@SEARCHES
def test_as_long_as_there_are_loops_iterates_are_equal_to_the_last_bit(search):
    function = Smooth(1)
    options = {"line_search_fn": search, "max_iter": 10, "lr": 1 if search else 0.3}
    runs = [run_of(w, function, *function.starts, **options) for w in (TORCHS, OURS)]
    torch.testing.assert_close(*(each.go() for each in runs), rtol=0, atol=0)


@SEARCHES
def test_iterates_of_a_long_run_with_a_full_history(search):
    problem = problems.rosenbrock_chain(30)
    start = double(problem.start) * 0.1 + 0.9
    lr = 1 if search else 0.1
    options = {"history_size": 15, "line_search_fn": search, "lr": lr}
    assert_goes_as_torch(problem, start, steps=4, max_iter=12, **options)


@pytest.mark.parametrize(
    "limits",
    [
        {"max_iter": 1},
        {"max_iter": 4, "max_eval": 1},
        {"max_iter": 10, "max_eval": 3},
        {"tolerance_grad": 1e2},
        {"tolerance_grad": 1e9},
        {"tolerance_change": 1e-1},
        {"tolerance_change": 1e9},
        {"max_iter": 50, "tolerance_grad": 1e-3, "tolerance_change": 0},
    ],
    ids=str,
)
@SEARCHES
def test_it_stops_where_torch_stops(limits, search):
    problem = problems.rosenbrock
    options = {"line_search_fn": search, "lr": 1 if search else 1e-3, **limits}
    assert_goes_as_torch(problem, double(problem.start), steps=4, **options)


@SEARCHES
def test_a_parameter_without_gradient_now_and_then(search):
    """In every other step the second tensor is left out of the loss."""

    def scenario(world):
        first, second = world.parameters(double([3.0, -1.0]), double([[0.5], [2.0]]))
        options = {"line_search_fn": search, "max_iter": 3, "lr": 1 if search else 0.1}
        optimizer = world.optim.LBFGS([first, second], **options)
        for step in range(4):

            def closure(step=step):
                optimizer.zero_grad()
                loss = (first * first * first * first).sum()
                if step % 2:
                    loss = loss + (second * second).sum()
                loss.backward()
                return loss

            optimizer.step(closure)
        return [raw(first).clone(), raw(second).clone()]

    expected = scenario(TORCHS)
    for world in OUR_WORLDS:
        torch.testing.assert_close(scenario(world), expected, rtol=1e-10, atol=1e-12)


@SEARCHES
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_dtype_on_every_device(search, dtype, device):
    """In float32 the numbers of a search have more digits than torch's."""
    function = Smooth(3)

    def on_device(world):
        starts = [each.to(device, dtype) for each in function.starts]
        mix, shift = function.mix.to(device, dtype), function.shift.to(device, dtype)

        def there(*parts):
            turned = mix @ torch.cat([each.reshape(-1) for each in parts]) + shift
            return torch.sqrt(1 + turned * turned).sum()

        options = {"line_search_fn": search, "max_iter": 4, "lr": 1 if search else 0.3}
        return run_of(world, there, *starts, **options).go(2)

    close = 1e-4 if dtype is torch.float32 else 1e-10
    expected = on_device(TORCHS)
    for world in OUR_WORLDS:
        got = on_device(world)
        assert got[-1][0].dtype is dtype
        torch.testing.assert_close(got, expected, rtol=close, atol=close)


@SEARCHES
def test_complex_parameters_are_pairs_of_real_numbers(search):
    aim = torch.tensor([1 + 2j, -3j], dtype=torch.complex128)

    def complex_loss(point):
        off = point - aim
        return ((off * off.conj()).real + (point * point * point * point).abs()).sum()

    start = torch.tensor([2 - 1j, 1 + 1j], dtype=torch.complex128)
    options = {"line_search_fn": search, "max_iter": 6, "lr": 1 if search else 0.05}
    assert_goes_as_torch(complex_loss, start, worlds=[OURS], **options)


def test_sparse_gradients_are_filled_up():
    def scenario(world):
        table = world.parameter(torch.ones(5, 2, dtype=torch.float64))
        optimizer = world.optim.LBFGS([table], lr=0.2, max_iter=4)

        def closure():
            optimizer.zero_grad()
            rows = torch.tensor([0, 3, 3])
            found = torch.nn.functional.embedding(rows, table, sparse=True)
            loss = (found * found).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        return raw(table)

    torch.testing.assert_close(scenario(OURS), scenario(TORCHS), rtol=1e-12, atol=0)


def test_parameters_that_do_not_lie_in_order_in_memory():
    start = double([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).t()

    def bowl(point):
        weights = torch.arange(1.0, 7.0, dtype=torch.float64).reshape(3, 2)
        return (weights * point * point).sum() + (point * point * point * point).sum()

    assert not start.is_contiguous()  # torch's own view(-1) refuses its gradient
    options = {"line_search_fn": "strong_wolfe"}
    expected = run_of(TORCHS, bowl, start.contiguous(), **options).go(2)
    for world in OUR_WORLDS:
        got = run_of(world, bowl, start, **options).go(2)
        torch.testing.assert_close(got, expected, rtol=1e-10, atol=1e-12)


@WORLDS
def test_state_has_torchs_names(world):
    function = Smooth(2)
    options = {"line_search_fn": "strong_wolfe", "max_iter": 4}
    here = run_of(world, function, *function.starts, **options)
    there = run_of(TORCHS, function, *function.starts, **options)
    here.go(2), there.go(2)
    assert set(there.state) - {"al"} == set(here.state)
    for name in ("d", "prev_flat_grad", "old_dirs", "old_stps"):
        torch.testing.assert_close(here.state[name], there.state[name])
    for name in ("t", "H_diag", "prev_loss"):
        assert float(here.state[name]) == pytest.approx(float(there.state[name]))
    assert here.state["ro"] == pytest.approx(
        [float(each) for each in there.state["ro"]]
    )


def test_a_rate_given_as_a_tensor():
    problem, lr = problems.rosenbrock, torch.tensor(0.5, dtype=torch.float64)
    assert_goes_as_torch(
        problem, double(problem.start), lr=lr, line_search_fn="strong_wolfe"
    )


@SEARCHES
def test_a_rate_of_zero_moves_nothing(search):
    run = run_of(
        OURS, problems.rosenbrock, double([-1.2, 1.0]), lr=0, line_search_fn=search
    )
    assert run.go(2)[-1][0].tolist() == [-1.2, 1.0]
