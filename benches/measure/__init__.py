"""What benches/streams.py is made of: the data, the processes, the checks and the table."""
