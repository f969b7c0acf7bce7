"""What several tests share: fakes, made files, faults, killed builders and a browser."""
