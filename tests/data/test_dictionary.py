"""The data dictionary is the one the declarations make."""

from pathlib import Path

from qhenergy.report.data_dictionary import text

ROOT = Path(__file__).resolve().parents[2]


def test_dictionary_is_current():
    """Proves that inputs/DICTIONARY.md was generated from the declarations as they are now."""
    assert (ROOT / "inputs" / "DICTIONARY.md").read_text(encoding="utf-8") == text(), (
        "run: qhenergy dictionary --to inputs/DICTIONARY.md"
    )
