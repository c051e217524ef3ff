"""Exercise 12.5's wrong answers as code: the two loops of LBFGS with slips in them."""


def loops_with(**slips):
    """The two loops with the slips that are named; without any, right ones.

    >>> import torch
    >>> pair = torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0])
    >>> loops_with(sign=1)(torch.tensor([8.0, 8.0]), [pair], 0.25)
    tensor([2., 2.])
    """

    def two_loops(gradient, pairs, gamma):
        v, alphas = _first_loop(gradient, pairs, gamma, slips)
        v = slips.get("scale", gamma) * v
        return _second_loop(v, pairs, alphas, gamma, slips)

    return two_loops


def _first_loop(gradient, pairs, gamma, slips):
    v, alphas = slips.get("sign", -1) * gradient, []
    backwards = slips.get("back", "newest") == "newest"
    for s, y in reversed(pairs) if backwards else pairs:
        seen = slips.get("sign", -1) * gradient if slips.get("stale") == "alpha" else v
        left = y if slips.get("alpha") == "y" else s
        alphas.append((left @ seen) / _bend(s, y, slips))
        taken = alphas[-1] * (s if slips.get("takes") == "s" else y)
        v = v + taken if slips.get("takes") == "adds" else v - taken
    return v, alphas


def _second_loop(v, pairs, alphas, gamma, slips):
    if slips.get("back") != "oldest":
        alphas = alphas[::-1]
    alphas = alphas[::-1] if slips.get("alphas") == "turned" else alphas
    if slips.get("alphas") == "last":
        alphas = alphas[:1] * len(alphas)
    if slips.get("forth") == "left out":
        return v
    order, before = list(zip(pairs, alphas, strict=True)), v
    for (s, y), alpha in order[::-1] if slips.get("forth") == "newest" else order:
        seen = before if slips.get("stale") == "beta" else v
        beta = ((s if slips.get("beta") == "s" else y) @ seen) / _bend(s, y, slips)
        v = v + _share(alpha, beta, slips) * (y if slips.get("adds") == "y" else s)
    return v


def _bend(s, y, slips):
    return {"none": 1.0, "y": y @ y, "s": s @ s}.get(slips.get("rho"), s @ y)


def _share(alpha, beta, slips):
    kinds = {"alpha": alpha, "beta": -beta, "turned": beta - alpha, "sum": alpha + beta}
    return kinds.get(slips.get("share"), alpha - beta)
