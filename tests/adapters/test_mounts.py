"""Which folders go with their container."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_envsnap.adapters.mounts import fleeting

TABLE = """\
22 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=/a
23 22 0:21 / /proc rw shared:1 - proc proc rw
24 22 8:1 /home /home/jovyan rw - ext4 /dev/sda1 rw
25 24 0:30 / /home/jovyan/scratch\\040space rw - tmpfs tmpfs rw
26 22 0:31 / /data rw - tmpfs tmpfs rw
27 22 0:32 / /data rw - nfs4 server:/data rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/root/.local/share/jupyter", "overlay"),
        ("/home/jovyan/.local/share/jupyter", None),
        ("/home/jovyan", None),
        ("/home/jovyander", "overlay"),
        ("/home/jovyan/scratch space/jupyter", "tmpfs"),
        ("/data/jupyter", None),
    ],
)
def test_a_folder_on_a_containers_own_layer_or_in_memory_is_told(tmp_path, folder, kind):
    (tmp_path / "mountinfo").write_text(TABLE)

    assert fleeting(Path(folder), tmp_path / "mountinfo") == kind


def test_where_no_mounts_are_told_nothing_is_said(tmp_path):
    assert fleeting(tmp_path, tmp_path / "missing") is None
