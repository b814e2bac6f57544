"""Words that several doors share: days, distances in time, reasons. Pure; the doors' own words stay with them."""
