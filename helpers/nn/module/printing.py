"""How a module is printed: its options and parts, as torch prints its own."""


def in_words(module):
    """The class, its options, and a line for each part, further in at each depth."""
    options = module.extra_repr()
    option_lines = options.split("\n") if options else []
    parts = [
        f"({name}): {indented(repr(part))}" for name, part in module._modules.items()
    ]
    return bracketed(module._get_name(), option_lines, parts)


def bracketed(name, options, parts):
    """name(options), on one line where there is only one."""
    if len(options) == 1 and not parts:
        return f"{name}({options[0]})"
    lines = options + parts
    return f"{name}(\n  " + "\n  ".join(lines) + "\n)" if lines else f"{name}()"


def list_in_words(modules):
    """A ModuleList, in which equal neighbours share a line: (0-2): 3 x ReLU()."""
    runs = []
    for place, text in enumerate(map(repr, modules)):
        if runs and runs[-1][-1] == text:
            runs[-1][1] = place
        else:
            runs.append([place, place, text])
    return bracketed(modules._get_name(), [], [run_in_words(*run) for run in runs])


def run_in_words(first, last, text):
    """One line for the places from `first` to `last`, which print alike."""
    if first == last:
        return indented(f"({first}): {text}")
    return indented(f"({first}-{last}): {last - first + 1} x {text}")


def indented(text):
    """All lines but the first moved two columns in; empty ones stay empty."""
    first, *others = text.split("\n")
    return "\n".join([first, *(f"  {o}" if o.strip() else "" for o in others)])
