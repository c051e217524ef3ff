"""Evidence from data loaders: each pass over the data, and where it stands."""

import os
import tempfile
import weakref

import torch
from torch.utils import data
from torch.utils.data import dataloader


class Loaders:
    """Watches `DataLoader`: the beginning and the end of a pass, and each batch."""

    def __init__(self, evidence, patches, calls):
        self.evidence = evidence
        self.patches = patches
        self.calls = calls
        self.passes = {}  # id of an iterator: the event of its pass

    def begin(self):
        """Wrap the loader and its iterators."""
        self.patches.wrap(data.DataLoader, "__init__", self.constructed)
        self.patches.wrap(data.DataLoader, "__iter__", self.iterate)
        self.patches.wrap(dataloader._BaseDataLoaderIter, "__next__", self.next)

    def constructed(self, original, loader, *args, **kwargs):
        """Meet a loader when it has been made."""
        original(loader, *args, **kwargs)
        self.meet(loader)

    def meet(self, loader):
        """The record of a loader."""
        record, new = self.evidence.meet(self.evidence.loaders, loader)
        if new:
            record.facts = about(loader)
            record.seeds = None
        return record

    def iterate(self, original, loader):
        """A pass begins."""
        record = self.meet(loader)
        if record.seeds is None:
            record.seeds = SeedsOfWorkers.of(loader)
            if record.seeds is not None:
                self.patches.on_undo(record.seeds.close)
        iterator = original(loader)
        event = self.evidence.add("pass", loader=record)
        self.passes[id(iterator)] = event
        return iterator

    def next(self, original, iterator):
        """A batch, or the end of the pass."""
        event = self.passes.get(id(iterator))
        try:
            return self.calls.without(original, iterator)
        except StopIteration:
            if event is not None:
                self.evidence.add("pass_end", loader=event["loader"])
            raise


class SeedsOfWorkers:
    """Which random states the workers of a loader begin with, told by themselves."""

    def __init__(self, function):
        self.function, self.loader = function, None
        self.told = []  # what was read when the watch ended
        handle, self.file = tempfile.mkstemp(prefix="loop-doctor-")
        os.close(handle)

    @classmethod
    def of(cls, loader):
        """Listen to the workers of a loader that sets their seeds itself."""
        if not loader.num_workers or loader.worker_init_fn is None:
            return None
        seeds = cls(loader.worker_init_fn)
        loader.__dict__["worker_init_fn"] = seeds
        seeds.loader = weakref.ref(loader)
        return seeds

    def __getstate__(self):
        """What a worker that is started anew needs."""
        return {**vars(self), "loader": None}

    def close(self):
        """Give the loader its own function back, and remove the file."""
        self.told = self.read()
        loader = self.loader()
        if loader is not None and loader.worker_init_fn is self:
            loader.__dict__["worker_init_fn"] = self.function
        os.remove(self.file)

    def __call__(self, worker):
        """Run the user's function in a worker, then write down its random states."""
        result = self.function(worker)
        import random
        import sys

        numpy = sys.modules.get("numpy")
        state = str(numpy.random.get_state()[1][:8].tolist()) if numpy else ""
        line = (
            f"{worker}\t{torch.initial_seed()}\t{random.getstate()[1][:4]}\t{state}\n"
        )
        with open(self.file, "a") as file:
            file.write(line)
        return result

    def read(self):
        """What the workers wrote: the fields of each line, the worker first."""
        if not os.path.exists(self.file):
            return self.told
        with open(self.file) as file:
            return [line.rstrip("\n").split("\t") for line in file]


def about(loader):
    """Plain facts of a loader."""
    dataset = loader.dataset
    length = len(dataset) if hasattr(dataset, "__len__") else None
    return {
        "length": length,
        "batch_size": loader.batch_size,
        "in_order": isinstance(loader.sampler, data.SequentialSampler),
    }
