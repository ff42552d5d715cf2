"""What is known of programs and images before any manifest is read: records, and the data they come from."""
