"""Settings of all tests: examples are the same in every run and on every machine."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "stable",
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    # The builder writes into a folder of the whole test; every example overwrites what the one before it wrote.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("stable")
