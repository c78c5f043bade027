"""How the bot compares with the barest app that does the same kind of work, as ratios that hold on any machine."""
