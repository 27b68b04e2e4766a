"""What went wrong unforeseen is told in one line that says something."""

import pytest

from carelake.errors import failed


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (ValueError("  first line\nsecond"), "first line"),
        (KeyError(), "KeyError"),
        (
            OSError("An error occurred while calling o1.save.\n: java.io.IOException: No space left"),
            "java.io",
        ),
    ],
)
def test_the_line_that_tells_is_chosen(problem, told):
    assert str(failed("silver/claims", "built", problem)).startswith(
        f"silver/claims could not be built: {told}"
    )
