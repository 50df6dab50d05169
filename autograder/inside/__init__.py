"""What runs inside the sandbox: it is copied there, and is trusted until student code runs."""
