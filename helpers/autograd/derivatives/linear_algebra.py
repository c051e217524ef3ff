"""Products of matrices, and what is built on them."""
