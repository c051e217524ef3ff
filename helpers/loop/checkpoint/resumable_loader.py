"""A loader that can be saved, and go on, in the middle of an epoch."""

from helpers.loop.checkpoint.random_states import random_states, set_random_states

_END = object()


class ResumableLoader:
    """Give the batches of a loader, and know where in the epoch they are.

    Saved are the states that the generators had when the epoch began, and how many
    batches were given. To go on, the epoch begins again from those states and the
    batches given before are drawn once more, unused: right for any data set and any
    number of workers, for the time of drawing them.

    Args:
        loader: a torch `DataLoader`, or anything that a `for` loop can walk through
            again and again. Its generator, and those of its samplers, are saved; a
            sampler with another kind of memory isn't known.

    Chapter 10 builds it.

    >>> batches = ResumableLoader(["a", "b", "c"])
    >>> walk = iter(batches)
    >>> next(walk), next(walk), batches.position
    ('a', 'b', 2)
    >>> another = ResumableLoader(["a", "b", "c"])
    >>> another.load_state_dict(batches.state_dict())
    >>> list(another), list(another)
    (['c'], ['a', 'b', 'c'])
    """

    def __init__(self, loader):
        self.loader = loader
        self.position = 0  # batches given in this epoch
        self._start = None  # states when this epoch began; None between two epochs
        self._is_loaded = False

    def __len__(self):
        return len(self.loader)

    def __iter__(self):
        yield from self.rest()
        self.end_epoch()

    def rest(self):
        """Give the batches of the epoch; until `end_epoch` it is saved as unfinished.

        For a loop that still has to step when the batches are at their end.
        """
        batches = self._again() if self._is_loaded else self._anew()
        for batch in batches:
            self.position += 1
            yield batch

    def end_epoch(self):
        """Note that all that the batches were for is done."""
        self.position, self._start = 0, None

    def _anew(self):
        """Begin an epoch."""
        self.position = 0
        self._start = self._states()
        return iter(self.loader)

    def _again(self):
        """Begin the epoch that was left, and draw what was given before."""
        self._is_loaded = False
        now = self._states()
        self._set_states(self._start)
        batches = iter(self.loader)
        for given in range(self.position):
            if next(batches, _END) is _END:
                raise ValueError(
                    f"the loader gave {given} batches, and {self.position} were given "
                    "before the checkpoint; allowed is a loader of the same data: "
                    "make it as that of the saved run was made"
                )
        self._set_states(now)
        return batches

    def state_dict(self):
        """Give the position, and the states at the start of the epoch and now."""
        return {
            "position": self.position,
            "start": self._start,
            "generators": self._generator_states(),
        }

    def load_state_dict(self, state):
        """Take a position; the next walk goes on from there.

        Args:
            state (dict): what `state_dict` gave, of a loader made alike.

        Raises:
            ValueError: the loaders differ in their generators.
        """
        if len(state["generators"]) != len(self._generators()):
            raise ValueError(
                f"the state holds {len(state['generators'])} generators and this "
                f"loader has {len(self._generators())}; allowed is a loader made as "
                "the saved one was: give the DataLoader the same arguments"
            )
        self.position, self._start = state["position"], state["start"]
        self._is_loaded = self._start is not None
        self._set_generators(state["generators"])

    def _states(self):
        """The states of all global generators and the loader's own."""
        return {"global": random_states(), "own": self._generator_states()}

    def _set_states(self, states):
        """Put all of them back."""
        set_random_states(states["global"])
        self._set_generators(states["own"])

    def _generator_states(self):
        """The states of the loader's own generators."""
        return [each.get_state() for each in self._generators()]

    def _set_generators(self, states):
        """Put the loader's own generators back."""
        for generator, state in zip(self._generators(), states, strict=True):
            generator.set_state(state)

    def _generators(self):
        """The loader's own generators, each once."""
        batches = getattr(self.loader, "batch_sampler", None)
        samplers = [getattr(self.loader, "sampler", None), batches]
        samplers.append(getattr(batches, "sampler", None))
        found = [getattr(each, "generator", None) for each in (self.loader, *samplers)]
        return list({id(each): each for each in found if each is not None}.values())
