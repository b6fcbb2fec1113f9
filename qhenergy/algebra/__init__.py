"""Floor 3: the language windows and plans are written in.

It stands below technologies and clauses because they speak it, and above data, profiles and periods
because it speaks of them. (The first sketch of the house had it beside the assembly; then every
technology would have imported upwards.)
"""
