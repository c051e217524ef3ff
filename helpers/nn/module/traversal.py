"""Walks over a module's parts: modules, parameters and buffers, each once.

A tensor or module that stands in several places (tied weights) is met at the first of
them; `remove_duplicate=False` meets it in each.
"""


class Traversal:
    """The part of a Module that lists what it is made of, in order of registration."""

    def named_modules(self, memo=None, prefix: str = "", remove_duplicate: bool = True):
        """This module and all its parts, each with its path; "" is this one's.

        Args:
            memo: the modules that are left out: a set, which grows.
            prefix: the path of this module.
            remove_duplicate: whether one in several places comes once.

        >>> from helpers.nn import ReLU, Sequential
        >>> [name for name, module in Sequential(ReLU(), ReLU()).named_modules()]
        ['', '0', '1']
        """
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                path = joined(prefix, name)
                yield from module.named_modules(memo, path, remove_duplicate)

    def modules(self):
        """This module and all its parts, each once."""
        for _, module in self.named_modules():
            yield module

    def named_children(self):
        """The direct parts, each once, with their names."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self):
        """The direct parts, each once."""
        for _, module in self.named_children():
            yield module

    def named_parameters(self, prefix: str = "", recurse: bool = True,
                         remove_duplicate: bool = True):  # fmt: skip
        """The parameters with their paths, such as "0.weight".

        Args:
            prefix: stands before each path.
            recurse: whether those of parts come too.
            remove_duplicate: whether one in several places comes once.

        >>> from helpers.nn import Linear, Sequential
        >>> [name for name, parameter in Sequential(Linear(2, 1)).named_parameters()]
        ['0.weight', '0.bias']
        """
        return self._named("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True):
        """The parameters, each once: what an optimizer is given."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(self, prefix: str = "", recurse: bool = True,
                      remove_duplicate: bool = True):  # fmt: skip
        """The buffers with their paths; arguments as for `named_parameters`."""
        return self._named("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True):
        """The buffers, each once."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def _named(self, table, prefix, recurse, remove_duplicate):
        """What stands in one of the tables of all modules, with its path."""
        modules = [(prefix, self)]
        if recurse:
            modules = self.named_modules(None, prefix, remove_duplicate)
        seen = set()
        for path, module in modules:
            for name, tensor in getattr(module, table).items():
                if tensor is None or id(tensor) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(tensor))
                yield joined(path, name), tensor

    def apply(self, function):
        """Call `function` with each part, and last with this module; return this one.

        >>> from helpers.nn import Linear, init
        >>> layer = Linear(1, 2).apply(lambda module: init.ones_(module.weight))
        >>> layer.weight.tolist()
        [[1.0], [1.0]]
        """
        for module in self.children():
            module.apply(function)
        function(self)
        return self


def joined(path, name):
    """A name behind a path, with a dot between."""
    return f"{path}.{name}" if path else name
