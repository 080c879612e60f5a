"""Dull makers of rows for tests. They go through the models, inside the company being served."""
