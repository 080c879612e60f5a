"""Django's PostgreSQL backend, which tells the database the company at each outermost BEGIN."""
