"""Floors and doors: imports go down only, and each foreign package has one door."""

import pytest

from architecture.source import PACKAGE, imported, modules, name_of

#: Lowest first; neighbours on a floor do not import each other.
FLOORS = (
    {"ground"},
    {"data", "profiles", "periods"},
    {"algebra"},
    {"technologies", "policy"},
    {"model"},
    {"solving"},
    {"outcome"},
    {"report"},
    {"studies"},
    {"cli"},
    {"__main__"},
)
HEIGHT = {name: height for height, floor in enumerate(FLOORS) for name in floor}
#: Foreign packages and the only places that may import them.
DOORS = {
    "pyomo": ("algebra/", "technologies/", "policy/"),
    "highspy": ("solving/highs",),
    "h5py": ("outcome/store",),
    "pvlib": ("profiles/sky.py", "profiles/solar.py"),
    "windpowerlib": ("profiles/wind.py",),
    "tsam": ("periods/representative.py",),
    "typer": ("cli/",),
    "plotly": ("report/",),
    "openpyxl": ("data/sheet_text.py",),
}


def upward(floor: str, text: str) -> list[str]:
    """Imports of a source on a floor that do not go down."""
    wrong = []
    for name in imported(text):
        parts = name.split(".")
        if parts[0] != "qhenergy" or len(parts) < 2:
            continue
        target = parts[1]
        if target not in HEIGHT:
            if target != "__version__":
                wrong.append(f"{name}: no floor")
        elif target != floor and HEIGHT[target] >= HEIGHT[floor]:
            wrong.append(name)
    return wrong


def through_the_wall(name: str, text: str) -> list[str]:
    """Foreign packages a source imports though it is not their door."""
    return [
        package
        for package in {i.split(".")[0] for i in imported(text)} & set(DOORS)
        if not name.startswith(DOORS[package])
    ]


def test_every_folder_has_a_floor():
    """Proves: no folder of the package stands outside the house.

    If it were broken, a new folder could import anything.
    """
    folders = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").is_file()}
    assert folders == set(HEIGHT) - {"__main__"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_down(path):
    """Proves: a file imports its own floor's folder and lower floors only.

    If it were broken, a technology would know the solver, or data the report.
    """
    place = path.relative_to(PACKAGE).parts
    floor = place[0].removesuffix(".py")
    if floor == "__init__":
        assert not [i for i in imported(path.read_text(encoding="utf-8")) if i.startswith("qhenergy")]
        return
    assert upward(floor, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_foreign_packages_come_through_their_doors(path):
    """Proves: each foreign package is imported behind its door only.

    If it were broken, changing a package would touch the whole house.
    """
    assert through_the_wall(name_of(path), path.read_text(encoding="utf-8")) == []


def test_the_check_of_imports_bites():
    """Proves: every way of writing an upward import or of passing a door is seen.

    If it were broken, the two tests above would pass on anything.
    """
    for text in (
        "import qhenergy.solving.highs",
        "from qhenergy.solving import highs",
        "from qhenergy import solving",
        "def f():\n    from qhenergy.solving.highs import solve",
        "import importlib\nimportlib.import_module('qhenergy.solving.highs')",
        "from qhenergy.policy import clause",
        "from qhenergy.unheard_of import x",
    ):
        assert len(upward("technologies", text)) == 1, text
    assert (
        upward("technologies", "from qhenergy.algebra.window import Window\nfrom qhenergy.technologies import wind")
        == []
    )
    for text in ("import pyomo.environ as pyo", "from pyomo import environ", "def f():\n    import pyomo"):
        assert through_the_wall("model/problem.py", text) == ["pyomo"]
        assert through_the_wall("algebra/block.py", text) == []
    assert through_the_wall("solving/explain.py", "import highspy") == ["highspy"]
    with pytest.raises(ValueError, match="relative"):
        upward("technologies", "from ..solving import highs")
