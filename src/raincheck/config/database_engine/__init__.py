"""Django's PostgreSQL engine, which starts or joins the embedded server when no other server is named."""
