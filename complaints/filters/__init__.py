"""What lists of the room can be narrowed by, the same on pages and in the API."""
