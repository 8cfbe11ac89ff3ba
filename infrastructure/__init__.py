"""What puts the parts together: settings, containers, entry points, and a PostgreSQL to try things with."""
