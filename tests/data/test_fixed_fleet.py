"""Fleets that are given."""

from small_system import Small

from qhenergy.data.fixed_fleet import fixed_fleet
from qhenergy.data.next_mw import opened
from qhenergy.model.assemble import assemble, prepare
from qhenergy.model.catalogue import with_extra


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


def test_what_was_replaced_is_history(tmp_path):
    """Proves: a plant that took the place of another stands by itself in a given fleet, and may be asked for more.

    The old plant is gone; a MW more of the new one is opened.
    If it were broken, it would be refused as the replacement of a plant that may not be retired.
    """
    small = Small(tmp_path / "inputs", 2).zone(demand=[50.0] * 2)
    small.add("thermal", asset="coal", existing=100, retirable="yes")
    small.add("thermal", asset="flex", technology="flex", room=100, replaces="coal")
    system = small.system()
    inputs = opened(fixed_fleet(system.inputs, {"flex": 60.0}, {}))
    assert inputs["thermal"]["existing"].to_dict() == {"coal": 0.0, "flex": 60.0}
    made = assemble(prepare(inputs, system.case, with_extra(())), workers=1)
    assert "flex" in made.problem.columns.members
