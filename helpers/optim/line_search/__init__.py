"""Line searches: how far to go in a direction that leads downhill.

With this package one can
- halve a step until the value falls enough: `backtracking`,
- find a step where the slope has become flat as well: `strong_wolfe`,
- read how a search ended: `SearchResult`,
- find the minimum of the cubic through two points: `cubic_minimum`, `Point`.

A search sees one function of one number, phi(step) = f(x + step * direction). `phi` is
a Python function. It returns its value and its slope, and as a third item anything that
is to come back with the accepted step, such as the gradient there. So no evaluation is
repeated. What knows of tensors, closures and directions is the caller.

Chapter 11 builds both searches.
"""

from helpers.optim.line_search.armijo import backtracking
from helpers.optim.line_search.cubic import cubic_minimum
from helpers.optim.line_search.line import Point, SearchResult
from helpers.optim.line_search.wolfe import strong_wolfe

__all__ = ["Point", "SearchResult", "backtracking", "cubic_minimum", "strong_wolfe"]
