"""Functions that a training script calls along the way: chance, counting, questions."""

import pytest
import torch
import torch.nn.functional as F

from helpers.autograd import Tensor, tensor
from tests.engines import OURS, compare, error_of

IN_PLACE = {
    "uniform_": (),
    "normal_": (1.0, 2.0),
    "bernoulli_": (0.5,),
    "exponential_": (),
    "random_": (0, 9),
    "cauchy_": (),
    "geometric_": (0.5,),
    "log_normal_": (),
}
QUESTIONS = """
    torch.isin(x, x[:1]); torch.unique(n); n.unique(return_counts=True)
    torch.unique(n, return_inverse=True); n.unique_consecutive(); torch.bincount(n)
    torch.searchsorted(x.detach(), x); torch.bucketize(x, x); torch.nonzero(n)
    n.nonzero(as_tuple=True); torch.argwhere(n); torch.histc(x.detach(), 3)
    F.one_hot(n); torch.allclose(x, x); torch.equal(x, x); torch.isclose(x, x + 1)
    torch.result_type(x, 1); torch.count_nonzero(n); torch.numel(x); n & 1; n | 1
    torch.is_floating_point(x); n << 1; 1 << n; torch.gcd(n, n); torch.argsort(x)
    torch.zeros_like(x); torch.ones_like(n); torch.full_like(x, 3); x.new_zeros(2)
    x.is_shared(); x.is_cpu; x.is_inference(); x.argmax(); torch.any(x > 1)
"""
RANDOM = """
    torch.bernoulli(x.sigmoid()); torch.multinomial(x.detach(), 2); torch.rand_like(x)
    torch.randn_like(x); torch.randint_like(x, 5); torch.randint_like(x, 2, 9)
    F.dropout(x, 0.5); torch.poisson(x)
"""
INITIAL = """
    uniform_ normal_ zeros_ ones_ xavier_uniform_ xavier_normal_ kaiming_uniform_
    kaiming_normal_ trunc_normal_
""".split()


def expressions(text):
    return [each.strip() for line in text.splitlines() for each in line.split(";")]


def plain(value):
    """Numbers and dtype of an array, in tuples too."""
    if isinstance(value, (torch.Tensor, Tensor)):
        return value.tolist(), value.dtype
    return tuple(map(plain, value)) if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("text", list(filter(None, expressions(QUESTIONS + RANDOM))))
def test_results_are_torchs(text):
    def scenario(engine):
        torch.manual_seed(3)
        names = {"torch": torch, "F": F, "x": engine.leaf(1.0, 2.0, 3.0)}
        return plain(eval(text, names, {"n": engine.tensor([1, 0, 1])}))

    compare(scenario)


@pytest.mark.parametrize("name", IN_PLACE)
def test_random_numbers_in_place(name):
    def scenario(engine):
        torch.manual_seed(3)
        x = engine.leaf(1.0, 2.0)
        y = x * 3
        same = getattr(y, name)(*IN_PLACE[name]) is y
        y.sum().backward()
        refused = error_of(lambda: getattr(x, name)(*IN_PLACE[name]), "a leaf Variable")
        name_of_node = y.grad_fn.name().rstrip("012")
        return same, y, name_of_node, x.grad, refused

    assert compare(scenario)[3] == [0.0, 0.0]


@pytest.mark.parametrize("name", INITIAL)
def test_parameters_are_initialised_as_torchs(name):
    def scenario(engine):
        torch.manual_seed(3)
        weight = engine.tensor(torch.zeros(3, 4), requires_grad=True)
        same = getattr(torch.nn.init, name)(weight) is weight
        return same, weight, weight.is_leaf, weight.requires_grad, weight._version

    assert compare(scenario)[0] is True


def test_chance_has_no_gradient():
    def scenario(engine):
        x = engine.leaf(0.2, 0.7)
        torch.bernoulli(x).sum().backward()
        return x.grad

    assert compare(scenario) == [0.0, 0.0]


def test_a_number_is_written_to_places():
    def scenario(engine):
        x = engine.tensor(torch.zeros(2, 3), requires_grad=True)
        places = torch.tensor([[0], [2]])
        y = (x * 2).scatter_(1, places, 1.0)
        z = (x * 2).scatter_(1, places, x[:, :1] + 1)
        (y + z).sum().backward()
        return y, z, x.grad

    compare(scenario)


def test_scatter_that_adds_names_the_other_function():
    x = tensor([[1.0]], requires_grad=True)
    place = torch.tensor([[0]])
    for write in ((x * 1).scatter_, x.scatter):
        error = error_of(lambda w=write: w(1, place, x, reduce="add"), "scatter_add")
        assert error is NotImplementedError


WITHOUT_RULE = {
    "affine_grid": lambda x: F.affine_grid(x, (1, 1, 2, 2)),
    "as_strided": lambda x: torch.as_strided(x, (1,), (1,)),
    "gradient": lambda x: torch.gradient(x, dim=-1),
    "householder_product": lambda x: torch.linalg.householder_product(x, x[0]),
    "istft": lambda x: torch.istft(x, 2),
    "ormqr": lambda x: torch.ormqr(x, x[0], x),
    "segment_reduce": lambda x: torch.segment_reduce(x, "sum"),
    "stft": lambda x: torch.stft(x, 2),
}


@pytest.mark.parametrize("name", WITHOUT_RULE)
def test_a_function_without_a_rule_is_named(name):
    x = OURS.tensor(torch.ones(1, 1, 2), requires_grad=True)
    error = error_of(lambda: WITHOUT_RULE[name](x), name, "no rule", "Add one")
    assert issubclass(error, NotImplementedError)
