"""Pictures: figures in one style, drawn graphs, figures with controls.

With this package one can:

- draw in the course's colours (`style`),
- draw a computation graph (`graph`),
- move a slider and see the picture follow, or walk through a process (`widgets`).

It draws what it is given and imports no engine: anything with the right attributes can
be drawn.
"""
