"""How fast the course's code is, side by side with PyTorch and others.

Run all, or those whose names begin so:

    python -m benchmarks
    python -m benchmarks scalar
    python -m benchmarks engine fast --chart ratios.png
    python -m benchmarks --out FOLDER       # a report in Markdown, and charts
    python -m benchmarks --small            # each once, but for the long ones
    python -m benchmarks --list

Every table compares candidates that do the same work, in one process, taking turns
(`benchmarks.harness`), so that a busy machine slows all of them alike. Read the ratios;
the times are those of one machine on one day.
"""
