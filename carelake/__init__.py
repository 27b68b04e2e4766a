"""The kernel of the lakehouse: settings, contracts, session, the one writer of Delta, quality, runs."""
