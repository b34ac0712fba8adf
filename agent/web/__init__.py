"""The local web app: the views of a report live, a box for one abstract, a place to drop a feed, and a JSON API."""
