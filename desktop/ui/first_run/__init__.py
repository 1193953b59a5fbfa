"""What a new chat shows before anything is said."""
