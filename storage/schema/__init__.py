"""The tables, views and triggers, and the migrations that lead to them."""
