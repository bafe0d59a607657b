"""Anonymous school surveys: answers sealed on arrival and counted like ballots."""
