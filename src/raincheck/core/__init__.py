"""The decisions of Raincheck: pure functions of plain values.

Nothing in here reads a clock, a database, a file or chance: time, settings and facts come in as arguments, and equal
facts give equal results. To read it all, in this order; who wants the heart alone reads 1 to 3.

1. What there is
   - `calendar`: working days, instants, and the road from a site to the customer
   - `site_hours`: the same of a site with a clock, a cut-off and working days of its own
   - `supply`: units that lie somewhere or are to come
   - `rank`: who comes first
   - `demand`: units that are owed (claims), and which of them stand in the queue as one (a party)
   - `peg`: the tie between units owed and their supply
   - `reason`: the closed list of why a unit is where it is
   - `errors`: the ways of saying no
   - `settings`: the company's rules, and which of them no company can run under
   - `policy`: which rule wins for one order line
   - `book`: everything that one pass looks at
2. Who gets what: the pass
   - `slack`: how much of a supply may still be taken
   - `protect`: the same where units are protected for a tier
   - `keep`: what is set aside for told days
   - `allocate`: the pass itself, step by step
   - `kits`: how a set of kits takes its parts
   - `site_choice`: which of several sites serves a claim, by `distance` or by a company's objective (`site_plan`)
   - `given`: units that the pass leaves alone, because a rebalance or a person gave them
3. What follows from it
   - `admit`: which new units are accepted
   - `promise`: what is estimated, and which day is told when
   - `split`: what leaves now, where an order goes as it comes
   - `bundles`: what leaves together, where an order's parcels are planned
   - `cuts`: into at most N parcels
   - `minimum`: no parcel below the minimum
   - `parcels`: the plan of all of these, and of the merge windows
   - `kept_from`: who waits because of a protection
   - `decision`: one decision on some products: all of the above in turn
4. What a planner does
   - `strategy`: the segments of a rebalance, and what may happen to each
   - `confirmation`: how many units of a line ship by which day
   - `rebalance`: supply given out anew by strategy
   - `redistribution`: how the lines of one strategy are served
   - `worth`: gains too small to be worth a change
   - `gains`: who wins and who loses by a rebalance
   - `move`: units moved from one line to another by hand
   - `share`: a shortage shared evenly or in proportion
   - `difference`: a line before and after any change
   - `parts`: products that decide nothing about each other
5. What is owed in money, in law and in words
   - `money`: what an order's customer should have paid by now
   - `cards`: what a card's authorisations cover
   - `reconcile`: a payment processor's file beside the ledger
   - `law_rules`: the laws, as data
   - `consent`: a line's clock under a law: options, answers, the cancel
   - `quiet`: what is told whatever the customer wishes, and what waits for the night to end
6. How good the rule is
   - `score`: the figures by which outcomes are compared
   - `programme`: a mixed-integer programme and its solution
   - `optimum_model`: a book as such a programme
   - `optimum`: the best that any allocation could do
7. The same pass over arrays, where thousands wait: `batch`, which lists its own modules
8. What is shown and proposed
   - `situation`: what somebody who helps a customer has to know
   - `remedy`: what can be done for them, the best first
   - `variants`: which size or colour comes nearest to one that cannot be had
   - `tracking`: where a parcel is
   - `colour`: whether a colour can be read
"""
