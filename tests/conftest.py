"""Settings of all tests: examples are the same in every run and on every machine."""

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "stable",
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    # An example is an optimisation: making a failing one smaller would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("stable")
