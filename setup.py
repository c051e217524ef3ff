"""What pyproject.toml cannot say: an editable install brings its data files too."""

from setuptools import Distribution, setup


class WithDataFiles(Distribution):
    """Setuptools copies none into an editable install, unless it finds this method."""

    def has_data(self):
        """Whether there are any: those in pyproject.toml."""
        return bool(self.data_files)


setup(distclass=WithDataFiles)
