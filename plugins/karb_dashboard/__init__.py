"""A house in a browser: an HTTP API, a WebSocket and a page. Its server is `karb_dashboard.server:dashboard`."""
