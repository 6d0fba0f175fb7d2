"""What is asked of AWS, and what its answers mean."""
