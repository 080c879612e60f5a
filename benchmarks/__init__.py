"""How quick the portal is: `make bench`. Every figure stands beside the same work in bare SQL.

Nothing here runs in tests. `docs/performance.md` explains what is measured and holds the table.
"""
