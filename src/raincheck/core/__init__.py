"""The decisions of Raincheck: pure functions of plain values.

Nothing in here reads a clock, a database, a file or chance: time, settings and facts come in as arguments, and equal
facts give equal results. To read it all, in this order:

1. What there is: `calendar`, `site_hours`, `supply`, `demand`, `rank`, `peg`, `reason`, `settings`, `policy`, `book`.
2. Who gets what (the pass): `slack`, `protect`, `keep`, `allocate`; `kits`, `site_choice`, `given` are parts of it.
3. What follows: `admit` (new units), `promise` (the date told), `split` (what leaves), and for orders whose parcels are
   planned `bundles`, `cuts`, `minimum`, `parcels`; `kept_from` (the reason `protected`); all of it in `decision`.
4. What a planner does: `strategy`, `rebalance`, `redistribution`, `confirmation`, `worth`, `gains`; `move`, `share`;
   `difference` (a preview); `parts` (what can be decided side by side).
5. What the law asks: `law_rules` (data), `consent`.
6. How good the rule is: `score`, `programme`, `optimum_model`, `optimum`.
7. The same pass over arrays, where thousands wait: `batch`.
8. What can be done for one customer who waits: `situation`, `remedy`; where a parcel is followed: `tracking`.
"""
