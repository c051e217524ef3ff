"""What a compiled step was given, and what one call of it takes.

With this module one can: hold model, criterion and optimizer with the order of their
arrays (`Plan`), and collect those of a call (`Call`).
"""

from helpers.fast.arrays import States, Tensors
from helpers.fast.batch import check_stack, leaves_of
from helpers.fast.numbers import Numbers


class Plan:
    """Model, criterion and optimizer, and the order of all that a step changes.

    Args:
        model, criterion, optimizer, steps, before_step: as for `compiled_step`.
    """

    def __init__(self, model, criterion, optimizer, steps, before_step):
        self.model, self.criterion, self.optimizer = model, criterion, optimizer
        self.steps, self.before_step = steps, before_step
        self.tensors = Tensors(model, criterion)
        self.groups = self.tensors.places_of_groups(optimizer)
        self.device = self.tensors.device()
        self.states, self.numbers = States(optimizer), Numbers(optimizer, self.device)

    def fits(self, other):
        """Whether graphs of the one take the arrays of the other."""
        same = [id(t) for t in self.tensors.each] == [id(t) for t in other.tensors.each]
        places = self.tensors.names == other.tensors.names
        slots = self.numbers.slots == other.numbers.slots
        return same and places and slots and self.groups == other.groups


class Call:
    """What one call of a step reads and changes, as raw arrays.

    `leaves` are those of the batch, `arrays` parameters and buffers, `states` the
    optimizer's, with their `names`; `inputs` are all, in the order in which a graph
    takes them.
    """

    def __init__(self, plan, inputs, targets):
        self.batch = inputs, targets
        self.leaves = leaves_of(self.batch)
        if plan.steps > 1:
            check_stack(self.leaves, plan.steps)
        self.arrays, self.states = plan.tensors.arrays(), plan.states.arrays()
        self.names, self.numbers = plan.states.names, plan.numbers.refresh()
        self.inputs = [*self.arrays, *self.states, self.numbers, *self.leaves]
