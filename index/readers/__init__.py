"""Readers: the bytes or text of a file of some kind -> what stands in it, in order."""
