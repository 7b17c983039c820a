"""What people asked and did not get, for staff: grouped by meaning, counted by people, told as rows and tables."""
