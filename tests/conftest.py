"""temporary"""
import pytest, pathlib
@pytest.fixture
def anyio_backend(): return "asyncio"
@pytest.fixture
def data_dir(tmp_path): return tmp_path
