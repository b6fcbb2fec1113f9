"""Fleets that are given."""

from small_system import Small

from qhenergy.data.fixed_fleet import fixed_fleet


def test_limits_stay_raised(tmp_path):
    """Proves: a limit that a plan raised is as high in the fixed fleet, and nothing is left to raise.

    10 MW as it stands and 4 added are 14; one without room is not touched by an asset of the same key.
    If it were broken, the section would fall back to 10, or the other rise to 8.
    """
    small = Small(tmp_path / "inputs", 2).zone("a", 1).zone("b", 1)
    small.add("thermal", asset="narrow", zone="a", existing=5)
    small.add("corridors", existing=20)
    small.add("sections", section="wide", limit=10, technology="line", room=6, length=100)
    small.add("sections", section="narrow", limit=3)
    for section in ("wide", "narrow"):
        small.add("section_members", section=section, corridor="road", direction=1)
    fixed = fixed_fleet(small.system().inputs, {"narrow": 5.0, "road": 20.0, "wide": 4.0}, {})
    assert fixed["sections"]["limit"].to_dict() == {"wide": 14.0, "narrow": 3.0}
    assert not fixed["sections"]["room"].any()
    assert fixed["thermal"].at["narrow", "existing"] == 5.0
