"""The customer's own pages: opened by a signed link, without sign-in, in the customer's language."""
