"""One update rule, run in several ways: loop, lists, traced, compiled."""
