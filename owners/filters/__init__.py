"""What lists of the room can be narrowed by."""
