"""Every operation of the engine's list, as a function and as a method of a tensor."""

import pytest
import torch
import torch.nn.functional as F

from helpers.autograd import Tensor
from helpers.autograd.registry import RULES

LISTS = {
    "arithmetic": "add sub mul div neg reciprocal remainder fmod multiply subtract",
    "powers": "pow square sqrt rsqrt",
    "exponentials": "exp exp2 expm1 log log2 log10 log1p",
    "angles": "sin cos tan asin acos atan atan2 arcsin arccos arctan arctan2",
    "hyperbolic": "sinh cosh tanh asinh acosh atanh arcsinh arccosh arctanh",
    "choice": "abs sign sgn clamp clip clamp_min clamp_max minimum maximum where lerp",
    "activations": "erf erfc sigmoid tanh relu leaky_relu elu gelu silu softplus "
    "hardtanh logsigmoid softmax log_softmax relu6 selu celu mish softsign",
    "reductions": "sum mean var std prod norm max min amax amin median logsumexp",
    "along": "cumsum cumprod sort topk argsort argmax argmin cummax cummin",
    "order": "view reshape flatten squeeze unsqueeze permute transpose movedim expand "
    "broadcast_to repeat flip roll moveaxis swapaxes swapdims t ravel unflatten tile",
    "joining": "cat concat stack hstack vstack split chunk unbind tensor_split",
    "diagonals": "diagonal tril triu diag pad",
    "indices": "index_select gather scatter scatter_add masked_fill masked_select "
    "take_along_dim index_put index_add index_copy index_fill take put narrow",
    "products": "matmul mm bmm mv dot outer addmm baddbmm linear einsum bilinear inner "
    "ger addmv addr tensordot",
    "layers": "conv1d conv2d conv_transpose1d conv_transpose2d unfold fold max_pool1d "
    "max_pool2d avg_pool1d avg_pool2d batch_norm layer_norm embedding dropout",
    "losses": "mse_loss l1_loss smooth_l1_loss huber_loss nll_loss cross_entropy "
    "binary_cross_entropy kl_div",
    "matrices": "inverse det cholesky slogdet logdet",
    "in place": "add_ sub_ mul_ div_ pow_ neg_ exp_ sqrt_ abs_ clamp_ sigmoid_ tanh_ "
    "relu_ zero_ fill_ copy_ masked_fill_ scatter_ scatter_add_ index_add_ index_fill_ "
    "index_put_ lerp_ addcmul_ addcdiv_ tril_ triu_ cumsum_ floor_ round_ remainder_ "
    "floor_divide_ logical_not_ bitwise_and_ eq_ uniform_ normal_ bernoulli_ random_ "
    "exponential_ detach_ requires_grad_ leaky_relu_",
    "plain": "isin unique bincount searchsorted bucketize nonzero argwhere histc "
    "one_hot allclose equal isclose any all count_nonzero isnan isinf isfinite "
    "logical_and logical_or logical_not bitwise_and zeros_like ones_like full_like "
    "empty_like rand_like randn_like randint_like multinomial bernoulli result_type "
    "numel is_floating_point is_complex floor ceil round trunc floor_divide",
}
NAMES = [(family, name) for family in LISTS for name in LISTS[family].split()]
# Inner functions of torch's: what people call is the one in torch.nn.functional.
INNER = {torch.kl_div}
# Methods of the tensor itself, not of a table.
OWN = {torch.detach_, torch.Tensor.detach_, torch.Tensor.requires_grad_}


@pytest.mark.parametrize("family, name", NAMES)
def test_functions_and_methods_are_there(family, name):
    homes = (torch, F, torch.linalg, torch.special)
    functions = [getattr(home, name) for home in homes if hasattr(home, name)]
    missing = [each for each in functions if each not in RULES]
    assert set(missing) <= INNER | OWN
    if hasattr(torch.Tensor, name):
        assert callable(getattr(Tensor(torch.ones(2)), name))
    assert functions or hasattr(torch.Tensor, name)


@pytest.mark.parametrize("name", ["inv", "solve", "det", "cholesky", "norm"])
def test_functions_of_matrices_are_there(name):
    assert getattr(torch.linalg, name) in RULES
