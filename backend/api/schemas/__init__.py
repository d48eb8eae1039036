"""What requests and responses look like, a file per noun."""
