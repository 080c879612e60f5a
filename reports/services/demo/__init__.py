"""The demo world: two companies with a year behind them, made up from a fixed seed."""
