"""What a graph relies on in modules: plain attributes, and what hangs in them."""

from itertools import chain
from operator import itemgetter

from helpers.fast.arrays import PLAIN, differing, is_module

TABLES = "_parameters", "_buffers", "_modules", "_forward_pre_hooks", "_forward_hooks"


class Modules:
    """A model and a criterion as they are now.

    Noted are attributes that are numbers or text, `training` among them, and which
    parameters, buffers, parts and hooks each module has.
    """

    def __init__(self, *modules):
        each = [pair for m in modules if is_module(m) for pair in m.named_modules()]
        self.names = [name or type(module).__name__ for name, module in each]
        self.attributes = [vars(module) for _, module in each]
        self.constants = [plain_in(now) for now in self.attributes]
        pairs = list(zip(self.constants, self.attributes, strict=True))
        self.readers = [(itemgetter(*was), now) for was, now in pairs if was]
        self.tables = [now.get(name, {}) for now in self.attributes for name in TABLES]
        self.held, self.values = self.holding(), self.read()

    def holding(self):
        """What hangs in all modules, by identity, in order."""
        return list(map(id, chain.from_iterable(map(dict.values, self.tables))))

    def read(self):
        """The values of the constants, as they are now. KeyError if one is gone."""
        return [read(attributes) for read, attributes in self.readers]

    def hold(self):
        """Whether nothing has changed."""
        try:
            return self.values == self.read() and self.held == self.holding()
        except KeyError:
            return False

    def changes(self):
        """What has changed, in words, one after the other."""
        for name, was in self.changed():
            yield f"attributes of {name} were {was}"
        if self.held != self.holding():
            yield "tensors, parts or hooks of modules were replaced"

    def changed(self):
        """The name of each module that has other plain attributes, and the old ones."""
        each = zip(self.names, self.constants, self.attributes, strict=True)
        for name, before, now in each:
            if was := differing(before, now):
                yield name, was

    def undo(self):
        """Set attributes back; in words, those that had changed."""
        changed = list(self.changed())
        for before, now in zip(self.constants, self.attributes, strict=True):
            now.update(differing(before, now))
        return ", ".join(f"{' and '.join(was)} of {name}" for name, was in changed)


def plain_in(attributes):
    """The attributes that are numbers or text."""
    return {name: each for name, each in attributes.items() if isinstance(each, PLAIN)}
