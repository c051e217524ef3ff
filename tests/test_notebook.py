"""show_source shows what stands in the file, and nothing else."""

import math

import pytest

from helpers.notebook import Source, show_source


class Sample:
    """A class to be shown."""

    size = 1

    def documented(self):
        """Only a docstring."""

    async def waits(self):
        """One line.

        And a second paragraph, with ```fences```.
        """
        return self.size

    @property
    def area(self):
        """A property."""
        return self.size**2


def test_the_whole_text_is_shown_under_module_and_name():
    shown = show_source(Sample.waits).text
    assert shown.startswith(f"# {__name__}: Sample.waits\nasync def waits(self):\n")
    assert "second paragraph" in shown
    assert shown.endswith("    return self.size")


def test_without_docstrings_valid_code_is_left():
    shown = show_source(Sample, docstring=False).text
    assert '"""' not in shown
    assert (
        "class Sample:\n    size = 1\n\n    def documented(self):\n        ...\n"
        in shown
    )
    compile(shown, "shown", "exec")


def test_a_property_is_shown_as_its_function():
    assert "return self.size**2" in show_source(Sample.area).text


def test_a_module_is_headed_by_its_name():
    from helpers import notebook

    assert show_source(notebook).text.startswith("# helpers.notebook\n")


def test_several_objects_stand_one_below_the_other():
    shown = show_source(Sample.waits, Source.__repr__).text
    assert shown.count("\n\n# helpers.notebook: Source.__repr__\n") == 1


def test_jupyter_gets_highlighted_code_and_plain_text():
    bundle = show_source(Source.__repr__)._repr_mimebundle_()
    assert bundle["text/markdown"].startswith("```python\n# helpers.notebook")
    assert bundle["text/markdown"].endswith("\n```")
    assert bundle["text/plain"] == repr(show_source(Source.__repr__))


def test_code_that_holds_a_fence_gets_a_longer_one():
    bundle = show_source(Sample.waits)._repr_mimebundle_()
    assert bundle["text/markdown"].startswith("````python\n")


@pytest.mark.parametrize("thing", [3.0, math.sin, "text"])
def test_what_has_no_code_is_refused_in_words(thing):
    with pytest.raises(TypeError, match="Give it a function, method, class or module"):
        show_source(thing)
