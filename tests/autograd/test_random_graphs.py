"""Random programs on our engine and on torch's: values, gradients and errors agree."""

from hypothesis import HealthCheck, given, settings

from tests.autograd.programs import programs, run_program


@given(programs)
@settings(
    max_examples=400,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_program_does_the_same_on_both_engines(program):
    run_program(*program)
