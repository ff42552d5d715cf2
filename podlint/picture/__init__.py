"""A pod as a picture: who does what to which file, and where that goes wrong."""
