"""The SQLite side: one writing connection on one thread; domain objects in and out."""
