"""What hinders `make run` is said in one sentence, before anything is started."""

import socket


def test_a_port_in_use(refused):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused(PORT=port)
    assert line == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): "
        "choose another one with PORT=…"
    )


def test_a_port_that_is_none(refused):
    assert refused(PORT="http") == "PORT=http is not a port: give a number from 1 to 65535."


def test_a_host_that_does_not_exist(refused):
    assert refused(HOST="no.such.host.invalid").startswith("HOST=no.such.host.invalid")


def test_a_folder_that_cannot_be_written(refused, tmp_path):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    assert refused(DATA_DIR=str(folder)).startswith(f"The data folder {folder} cannot be written")


def test_a_database_of_ones_own_needs_a_secret_key_of_ones_own(refused):
    line = refused(DATABASE_URL="postgresql+psycopg:///concord", SECRET_KEY="")
    assert line.startswith("SECRET_KEY is missing")
