"""Bets: a Slack bot that helps applied machine-learning teams place, follow and end their bets."""

__version__ = "0.1.0"
