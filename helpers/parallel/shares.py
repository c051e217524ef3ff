"""Who keeps whose state: parameters dealt out so that every rank has about as much."""


class Shares:
    """Deals whole parameters out to ranks, the largest first, to whom has least.

    Whole, because some methods look at a matrix as one (Muon, Adafactor). The same on
    every rank, without a word between them.

    Args:
        size (int): the number of ranks.

    >>> import torch
    >>> shares = Shares(2)
    >>> shares.deal([torch.ones(3), torch.ones(5), torch.ones(2)])
    >>> shares.elements
    [5, 5]
    """

    def __init__(self, size):
        self.elements = [0] * size
        self.owners = {}  # rank by id of parameter
        self.of_rank = [[] for _ in range(size)]

    def deal(self, parameters):
        """Deal out more parameters; those dealt before stay where they are."""
        for parameter in sorted(parameters, key=lambda each: -each.numel()):
            rank = self.elements.index(min(self.elements))
            self.elements[rank] += parameter.numel()
            self.owners[id(parameter)] = rank
            self.of_rank[rank].append(parameter)

    def part(self, group, rank):
        """A parameter group with only those of its parameters that a rank owns."""
        places = [i for i, p in enumerate(group["params"]) if self.owns(rank, p)]
        part = dict(group, params=[group["params"][i] for i in places])
        if "param_names" in group:
            part["param_names"] = [group["param_names"][i] for i in places]
        return part

    def owns(self, rank, parameter):
        """Whether a rank keeps the state of a parameter."""
        return self.owners[id(parameter)] == rank
