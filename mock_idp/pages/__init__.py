"""HTML and CSS only."""
