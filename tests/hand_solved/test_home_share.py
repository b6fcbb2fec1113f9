"""A clean share at home that is at least that of exports."""

import pytest

from hand_solved.test_certificates import HALF, province


def home(grid, share, strictness="hard", penalty=0.0):
    """120 MWh of wind against 120 of demand and 80 to send, of which the line claims a share as clean."""
    small = province(grid, "watched").add("certificate_claims", claim="it", what="line", asset="dc", share=share)
    return small.add("home_shares").target("home", strictness, penalty)


@pytest.mark.parametrize(("share", "sent"), [(0.5, 80), (0.7, 36 / 0.7), (0, 80)])
def test_line_is_no_cleaner_than_home(grid, share, sent):
    """Proves: what the line claims as clean leaves at least the same share of demand clean.

    At a half, 120 - 40 covers 60. At 0.7, 120 - 0.7 x sent >= 84: 51.43 of 80 are sent. A line that claims nothing
    asks for nothing.
    If it were broken, 80 would be sent at 0.7 as well, or all issued would be asked for at any share.
    """
    solved = home(grid, share).solve()
    assert solved.column("send_out/sent").sum() == pytest.approx(sent)
    assert solved.assembled.requirements[-1].measured == (share > 0)


def test_priced_and_watched(grid):
    """Proves: a MWh missing at home has its penalty; watched, what is left for the demand is measured.

    In full, 120 - 80 of 120 MWh are left: 80 are missing. Each one not sent costs 900: at 500 all are paid.
    If it were broken, the line would be cut, or 120 of 120 be reported.
    """
    priced = home(grid, 1, "priced", 500).solve()
    assert priced.costs["clauses missed/home"] == pytest.approx(80 * HALF * 500)
    watched = home(grid, 1, "watched").solve()
    assert watched.objective == pytest.approx(HALF * 80 * 100)
    assert watched.column("home_share/achieved") == pytest.approx([40 * HALF])
    assert watched.column("home_share/base") == pytest.approx([120 * HALF])
