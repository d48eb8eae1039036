"""What `offstage doctor` looks at, a file per part. Looking changes nothing."""
