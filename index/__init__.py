"""A folder of documents as passages that can be found."""
