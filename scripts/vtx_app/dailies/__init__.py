"""The dailies: one page on a film as it is now, to look at, filter, compare and decide."""
