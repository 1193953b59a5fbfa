"""What Parley promises, measured: each module prints its figures as one flat JSON object on the last line."""
