"""What must be true before anything is planned or written, asked in seconds: accounts, state, zones and permissions."""
