"""Proves that the README tells of commands that are there, in lines that every shell takes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from faults.workplace import qhenergy

from qhenergy.cli.main import app
from qhenergy.data.builtin import root

README = Path(__file__).resolve().parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")
TOLD = re.findall(r"^\| `qhenergy ([\w-]+)([^`]*)` \|", TEXT, re.MULTILINE)
COMMANDS = sorted(str(command.name) for command in app.registered_commands)


def _marked(name: str) -> list[str]:
    """The lines of the code block between two marks."""
    block = re.search(rf"<!-- {name} -->\n```[a-z]*\n(.*?)```\n<!-- end -->", TEXT, re.DOTALL)
    assert block is not None, f"no block marked {name}"
    return block.group(1).splitlines()


@pytest.mark.parametrize("name", ["run", "test"])
def test_marked_block_is_one_line_for_every_shell(name: str) -> None:
    lines = _marked(name)
    assert len(lines) == 1
    for stranger in ("&&", "\\", "$", "export ", "source ", "`"):
        assert stranger not in lines[0], f"{stranger} is not understood by every shell"


def test_marked_blocks_install_and_do_what_they_say() -> None:
    (run,), (test,) = _marked("run"), _marked("test")
    for line in (run, test):
        assert line.startswith('python -m pip install -q -e ".[test]"; ')
    case = run.rsplit(" ", 1)[1]
    assert run.endswith(f"python -m qhenergy run {case}")
    assert (README.parent / case).is_file()
    assert test.endswith("python -m pytest")


def test_every_command_is_told_and_no_other() -> None:
    assert sorted(name for name, _ in TOLD) == COMMANDS


def test_help_names_every_command() -> None:
    result = qhenergy("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f" {name} " in result.stdout


@pytest.mark.parametrize(("name", "words"), TOLD, ids=[name for name, _ in TOLD])
def test_help_of_a_command_has_the_words_of_the_readme(name: str, words: str) -> None:
    result = qhenergy(name, "--help")
    assert result.exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)
    assert "Usage:" in plain
    for option in re.findall(r"--\w+", words):
        assert option in plain
    arguments = re.findall(r"\b[A-Z]{4,}\b", words.replace("TABLE/KEY/COLUMN", "DATUM"))
    for argument in arguments:
        assert argument.lower() in plain.lower()


def test_every_case_of_the_readme_is_there() -> None:
    told = set(re.findall(r"`cases/([\w-]+\.toml)`", TEXT))
    assert told == {path.name for path in (root() / "cases").glob("*.toml")}


def test_options_that_the_readme_names_are_there() -> None:
    assert "--language zh" in TEXT
    for name in ("run", "report"):
        assert "--language" in re.sub(r"\x1b\[[0-9;]*m", "", qhenergy(name, "--help").stdout)


def test_module_is_the_command(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qhenergy", "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert re.fullmatch(r"qhenergy \d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("words", [["runn", "x"], ["run"], ["summary", "x", "--jason"], ["run", "a", "b"]])
def test_wrong_words_are_refused_with_the_usage(words) -> None:
    result = qhenergy(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
