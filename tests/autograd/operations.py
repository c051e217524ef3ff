"""The operations whose derivatives are compared with torch's, by families.

Names are those of torch's op_db; a family names the file of the derivative table.
"""

OPERATIONS = {
    "elementwise": "mul add sub neg reciprocal exp sin cos tanh nn.functional.relu".split(),
    "reduction": "sum".split(),
    "shape": "expand unsqueeze clone".split(),
}
