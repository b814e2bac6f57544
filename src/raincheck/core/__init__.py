"""The decisions of Raincheck: pure functions of plain values.

Nothing in here reads a clock, a database, a file or a random number, and nothing logs. Live operation, batch
and drill call the same functions, so a drill tests what the company runs.

Where to begin: `book` is what a pass looks at (`supply`, `demand`, `calendar`), `allocate` the pass itself (`keep`,
`protect`, `slack`, `site_choice`), `peg` what comes out. Around it: `admit` decides on newcomers, `promise` on what is told, `split` on
what leaves, `policy` and `rank` on which rule wins and who comes first. `decision` chains them: the one call that
live operation, preview and drill make. The contract's section 3 says in words what all of this must do; `tests/core`
holds it to that, case by case (`cases`), by laws (`laws`) and against a brute force written from the words (`brute`).
"""
