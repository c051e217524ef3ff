"""The loop doctor's exam: scripts with wrong clips, sums and reports."""

from tests.loop.doctor_scripts import assert_named_first_with_its_line, each_script_of


@each_script_of("accumulation")
def test_broken_loop_is_named_first_with_its_line(script):
    assert_named_first_with_its_line(script)
