"""Keep documents, passages and vectors in SQLite, with a FAISS index beside them."""
