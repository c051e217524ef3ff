"""A disk that forgets: what is left of it if the power is cut at any instant.

What is written stands in memory until it is flushed: contents by `flush`, names and
removals by `flush_folder`. A power cut keeps any part of what waits.
"""

from itertools import combinations

PIECE = object()  # a content that is cut, or was never flushed
LATEST = "latest"


class Disk:
    """Files by name, in memory and on the disk.

    Args:
        files (dict): names and contents that are on the disk already.

    >>> disk = Disk({"latest": b"1"})
    >>> disk.write("a", b"text")
    >>> sorted(disk.names()), len(disk.cuts)
    (['a', 'latest'], 1)
    """

    def __init__(self, files):
        self.inodes = list(files.values())
        self.flushed = set(range(len(self.inodes)))
        self.folder = {name: inode for inode, name in enumerate(files)}
        self.on_disk = dict(self.folder)
        self.waiting = []  # changes of the folder that are in memory only
        self.cuts = []  # after each call: all that a power cut may leave

    def write(self, name, content):
        """Write a new file, over an old one of that name."""
        self.inodes.append(bytes(content))
        self._change({name: len(self.inodes) - 1})

    def flush(self, name):
        """Wait until the content of a file is on the disk."""
        self.flushed.add(self._inode(name))
        self._cut()

    def rename(self, old, new):
        """Give a file another name, at one blow."""
        self._change({new: self._inode(old), old: None})

    def remove(self, name):
        """Remove a file."""
        self._inode(name)
        self._change({name: None})

    def flush_folder(self):
        """Wait until all names and removals are on the disk."""
        self.on_disk, self.waiting = dict(self.folder), []
        self._cut()

    def names(self):
        """The names that a program sees."""
        return set(self.folder)

    def _inode(self, name):
        """The place of a file's content."""
        if name not in self.folder:
            raise FileNotFoundError(f"there is no file {name}")
        return self.folder[name]

    def _change(self, names):
        """Change names in memory."""
        self.waiting.append(names)
        _apply(self.folder, names)
        self._cut()

    def _cut(self):
        """Note all folders that a power cut at this instant may leave."""
        self.cuts.append(list(self.left()))

    def left(self):
        """Each folder that a power cut may leave: names and contents."""
        for count in range(len(self.waiting) + 1):
            for kept in combinations(self.waiting, count):
                folder = dict(self.on_disk)
                for names in kept:
                    _apply(folder, names)
                yield {name: self._content(inode) for name, inode in folder.items()}

    def _content(self, inode):
        """What is sure to be in a file."""
        return self.inodes[inode] if inode in self.flushed else PIECE


def _apply(folder, names):
    """Enter names into a folder; None takes one out."""
    for name, inode in names.items():
        if inode is None:
            folder.pop(name, None)
        else:
            folder[name] = inode


def faults(files, contents):
    """What is wrong with files that a power cut left; empty if a pair can be loaded.

    Args:
        files (dict): contents by name.
        contents (dict): what the files of each pair should hold.

    >>> faults({"latest": b"3", "state.3": b"s"}, {"state.3": b"s"})
    ['weights.3 is not there']
    """
    latest = files.get(LATEST)
    if latest is None:
        return ["latest is not there"]
    if latest is PIECE:
        return ["latest is a piece"]
    pair = [f"{kind}.{latest.decode()}" for kind in ("weights", "state")]
    missing = [f"{name} is not there" for name in pair if name not in files]
    there = [name for name in pair if name in files]
    broken = [name for name in there if files[name] != contents.get(name)]
    return missing + [f"{name} is not whole" for name in broken]
