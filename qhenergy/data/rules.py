"""What the plan documents ask as rules, in their own words, and where the model answers each of them.

A rule has its sentences in `rule_quotes` and its answers in `rule_answers`, one row for each way in which it is
represented. An answer names what stands for the rule by addresses:

    policy:<kind>         clauses of a kind that cite the rule in their column `rule`
    clause:<row>          one clause, by the key of its row
    technology:<module>   a file of the technologies
    table:<name>          an input table; `table:<name>.<column>` one of its columns, `table:<name>/<key>` a row
    indicator:<name>      a measure of a result
    case:<key>            a key of the case, such as `water.year`
"""

from __future__ import annotations

from qhenergy.ground.table import Table, integer, reference, text

#: Ways in which a rule is represented, the weightiest first; the last two say that it is not.
WAYS = ("clause", "technology", "switch", "input", "indicator", "not_for_this_model", "not_yet")
ABSENT = ("not_for_this_model", "not_yet")
ADDRESSES = ("policy", "clause", "technology", "table", "indicator", "case")
#: Stands between the addresses of an answer.
JOINED = " | "

RULES = Table(
    "rules",
    "a rule that plan documents state in words",
    (
        text("rule", "key, such as R01"),
        text("name", "short name"),
        text("title_en", "what it is about, in English"),
        text("title_zh", "what it is about, in Chinese"),
    ),
)

QUOTES = Table(
    "rule_quotes",
    "a sentence of a plan document that states a rule, or gives it a quantity",
    (
        reference("rule", "rules", "rule"),
        integer("number", "its place among the quotes of the rule, from 1", low=1),
        text("document", "document it is printed in"),
        text("line", "line of the document"),
        text("quote", "its wording"),
    ),
    keys=2,
)

ANSWERS = Table(
    "rule_answers",
    "one way in which a rule is represented in the model, or why it is not",
    (
        reference("rule", "rules", "rule"),
        text("way", "way in which it is represented", choices=WAYS),
        text("represented_as", "addresses of what stands for it, joined by ` | `", default=""),
        text("how", "how, in one sentence; for a rule without an answer, what is meant by it", default=""),
        text("how_zh", "the same in Chinese", default=""),
        text("reason", "why it is not represented, or not yet", default=""),
        text("reason_zh", "the same in Chinese", default=""),
    ),
    keys=2,
)

RULE_TABLES: tuple[Table, ...] = (RULES, QUOTES, ANSWERS)
