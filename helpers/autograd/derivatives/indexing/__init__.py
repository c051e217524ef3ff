"""Reading and writing some of a tensor's elements."""

from helpers.autograd.derivatives.indexing import (  # noqa: F401 -- importing enters the rules
    clamp,
    gather,
    getitem,
    scatter_reduce,
    select,
    write,
)
