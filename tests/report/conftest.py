from tests.browser import page, pytest_pyfunc_call, pytest_unconfigure

__all__ = ["page", "pytest_pyfunc_call", "pytest_unconfigure"]
