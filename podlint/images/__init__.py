"""What an image does when the manifest says nothing."""
