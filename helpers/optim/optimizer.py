"""The base class of all optimizers: parameter groups, state, and a step over them.

An optimizer holds references to parameters, and looks at nothing but their `.data` and
`.grad`. So one class serves our `Tensor`s and real `torch.nn.Parameter`s.
"""

from collections import defaultdict

import torch

from helpers.optim.base import hooks, param_groups
from helpers.optim.base import state_dict as state_dict_layout
from helpers.optim.base.options import check_execution, check_like_defaults
from helpers.optim.base.parameters import clear
from helpers.optim.closure.call import call_optional
from helpers.optim.execution import dispatch


class Optimizer(hooks.Hooks, torch.optim.Optimizer):
    """Base class of optimizers; a method is a subclass that says how one array moves.

    Args:
        params: an iterable of parameters, of (name, parameter) pairs, or of dicts, each
            with "params" and its own values of some options.
        defaults: a dict of all options, with the values for groups that don't set them.

    Attributes: `param_groups`, a list of dicts; `state`, a dict from parameter to what
    is kept of it between steps; `defaults`.

    A subclass has `update`, and if it needs them `init_state`, `step_constants`,
    `has_state`, `check_options`, `check_parameters`, `check_state`, and `fused_step`
    where torch has a kernel for it.

    Raises, all at construction: `TypeError` for a bare tensor, a set in a group, or
    what is no tensor; `ValueError` for no parameters, a non-leaf, or a parameter in two
    groups; `KeyError` for a group without "params". A set of parameters, or one twice
    in a group, gives a warning.

    Source: `torch.optim.Optimizer`. Departures: NaN is refused; loading copies, and
    refuses a dict with which no step could be made. It is a subclass of torch's so that
    what wraps torch's optimizers accepts it, and has the private names that those ask
    for; each public method is written here. Chapter 05 builds it.

    >>> class Plain(Optimizer):
    ...     def __init__(self, params, lr):
    ...         super().__init__(params, {"lr": lr})
    ...
    ...     def update(self, p, grad, state, options):
    ...         p.add_(grad, alpha=-options["lr"])
    >>> weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    >>> (100 * weight).sum().backward()
    >>> Plain([weight], lr=0.001).step()
    >>> weight.tolist()
    [0.8999999761581421, 1.899999976158142]
    """

    # What the rule keeps of a parameter, each of its shape or one number.
    state_names = ()
    supports_sparse = False
    one_by_one = False  # the rule reads one tensor at a time: no lists, no tracing
    number_names = ()  # 0-d state beside "step"; what a list holds has it alike
    rule_of_kernel = None  # the methods that `fused_step`, if there is one, stands for
    evaluations = 0  # how often step() has called its closure
    added_later = state_dict_layout.ADDED_LATER

    def __init__(self, params, defaults):
        self._prepare_hooks()
        self._plans = {}  # how to execute a step, by group
        self._warned_capturable_if_run_uncaptured = True  # for torch's own check
        self.defaults = defaults
        self.state = defaultdict(dict)
        self.param_groups = []
        self.check_options(defaults)
        check_execution(defaults)
        for group in param_groups.groups_of(params):
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "fused_step" in cls.__dict__:
            cls.rule_of_kernel = [cls.update, cls.step_constants]

    def add_param_group(self, param_group):
        """Add another group of parameters.

        Args:
            param_group: a dict with "params" and some options; those that it doesn't
                set get the defaults.

        Raises: what the constructor raises. Chapter 05 thaws a layer with it.

        >>> first, second = torch.nn.Parameter(torch.ones(1)), torch.ones(1)
        >>> optimizer = Optimizer([first], {"lr": 0.1})
        >>> optimizer.add_param_group({"params": second, "lr": 0.01})
        >>> [group["lr"] for group in optimizer.param_groups]
        [0.1, 0.01]
        """
        group = param_groups.complete(param_group, self.defaults)
        param_groups.check_beside_others(group, self.param_groups)
        self.check_group(group)
        self.param_groups.append(group)

    @hooks.profiled
    def zero_grad(self, set_to_none=True):
        """Clear the gradients of all parameters.

        Args:
            set_to_none: bool (True): each gradient becomes None, and `step` skips the
                parameter until it has one again. False: it is filled with zeros, and
                `step` still moves the parameter by its state.

        Chapters 04 and 05 show both.
        """
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                if set_to_none:
                    parameter.grad = None
                else:
                    clear(parameter.grad)

    @hooks.hooked
    def step(self, closure=None):
        """Move every parameter that has a gradient, once.

        Args:
            closure: a function that computes the loss anew, calls `backward()` and
                returns the loss, which `step` returns too; or None (None): methods that
                look at one gradient a step don't need one.

        Raises: `TypeError` for a closure that can't be called.
        """
        loss = call_optional(self, closure)
        with torch.set_grad_enabled(self.defaults.get("differentiable", False)):
            for group in self.param_groups:
                dispatch.step_group(self, group)
        return loss

    def update(self, p, grad, state, options):
        """Change `p` along `grad`: the rule of a method, written once.

        Args:
            p: a tensor, or what has the methods of one: a whole list (`TensorList`), or
                a tensor that a compiler traces (`Functional`, which lists the methods).
            grad: its gradient, of the same kind; its negative where maximize is set.
            state: a dict of the same kind, what `init_state` made and `update` added.
            options: a dict of the group's options and this step's `step_constants`;
                pairs that change, such as betas, are to be unpacked in these.

        Raises: `NotImplementedError` here: a subclass writes it. Chapter 05 does.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no rule: write update(self, p, grad, state, "
            "options), which changes p in place"
        )

    def init_state(self, parameter, group) -> dict:
        """The state of a parameter before its first step: a dict of tensors.

        A 0-d tensor under "step" is counted up before each `update`.
        """
        return {}

    def step_constants(self, group, step) -> dict:
        """Numbers that are computed once a step: a dict that joins the options.

        `step` is the number of this step, from 1 up: an int, or a 0-d tensor where
        reading it would wait for a GPU. None if the state has no "step".
        """
        return {}

    def has_state(self, group) -> bool:
        """Whether parameters of a group have state; without, none is made for them."""
        return True

    def check_options(self, options):
        """Raise `TypeError` or `ValueError` for defaults that make no sense."""

    def check_group(self, group):
        """Raise `TypeError` or `ValueError` for a group that no step can be made with.

        As in torch, its options may be out of the range that the defaults must be in.
        """
        check_like_defaults(group, self.defaults)

    def check_state(self, place, parameter, values):
        """Raise `ValueError` for loaded state with which no step could be made."""
        state_dict_layout.check_shapes(self, place, parameter, values)

    def check_parameters(self, parameters):
        """Raise for parameters or gradients that the rule can't take; at each step."""

    def state_dict(self) -> dict:
        """The whole state as a dict that can be saved, in torch's layout.

        Under "state", that of each parameter, by its place; under "param_groups", the
        options of each group and the places of its parameters. The tensors are not
        copied. Chapter 10 saves and resumes a run.

        >>> weight = torch.nn.Parameter(torch.ones(1))
        >>> Optimizer([weight], {"lr": 0.1}).state_dict()
        {'state': {}, 'param_groups': [{'lr': 0.1, 'params': [0]}]}
        """
        for hook in self._optimizer_state_dict_pre_hooks.values():
            hook(self)
        result = state_dict_layout.saved(self)
        for hook in self._optimizer_state_dict_post_hooks.values():
            answer = hook(self, result)
            result = result if answer is None else answer
        return result

    def load_state_dict(self, state_dict):
        """Continue where the optimizer stood whose `state_dict()` is given.

        Args:
            state_dict: ours or torch's. Parameters are matched by their place; tensors
                are copied to the parameters' device and dtype.

        Raises: `AttributeError` or `TypeError` for what is no dict, `KeyError` for
        another kind of dict, `ValueError` for other groups, other shapes or another
        optimizer; nothing is changed then.
        """
        state_dict = state_dict_layout.shallow_copy(state_dict)
        for hook in self._optimizer_load_state_dict_pre_hooks.values():
            answer = hook(self, state_dict)
            state_dict = state_dict if answer is None else answer
        self.__setstate__(state_dict_layout.restored(self, state_dict))
        for hook in self._optimizer_load_state_dict_post_hooks.values():
            hook(self)

    def __getstate__(self):
        names = "defaults", "state", "param_groups"
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._plans = {}  # how to execute a step, by group
        self._prepare_hooks()
        state_dict_layout.bring_up_to_date(self)
        self.defaults.setdefault("differentiable", False)

    def __repr__(self):
        text = f"{type(self).__name__} ("
        for place, group in enumerate(self.param_groups):
            names = sorted(name for name in group if name != "params")
            lines = [f"    {name}: {group[name]}\n" for name in names]
            text += f"\nParameter Group {place}\n" + "".join(lines)
        return text + ")"
