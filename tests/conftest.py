"""What all tests share. Kernels and notebooks: see tools/pytest_notebooks.py."""
