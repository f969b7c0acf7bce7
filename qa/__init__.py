"""A question answered with quoted, cited sentences, or declined."""
