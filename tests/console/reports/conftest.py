from tests.console.unanswered.conftest import ask, guidance, signed_in, staff, store  # noqa: F401 - fixtures
