"""Read Word, PowerPoint and Excel files."""
