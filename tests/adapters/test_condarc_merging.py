"""What several configurations say together; every row is what conda itself made of it."""

from __future__ import annotations

import pytest

from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.core.conda_channels import Naming

HOME, ENV, ROOT, OWN = "home/.condarc", "env/.condarc", "root/.condarc", "own.yml"
CHANNELS = {
    "later files first, each channel once": (
        {ROOT: "channels: [a, b]", HOME: "channels: [c, b]", ENV: "channels: [d]"},
        {},
        ("d", "c", "b", "a"),
    ),
    "a top item stays on top": (
        {HOME: "channels:\n  - a\n  - b  #!top", ENV: "channels: [c]"},
        {},
        ("b", "c", "a"),
    ),
    "a bottom item stays at the bottom": (
        {HOME: "channels: [a]", ENV: "channels:\n  - b  #!bottom\n  - c"},
        {},
        ("c", "a", "b"),
    ),
    "nothing comes after what is final": (
        {HOME: "channels:  #!final\n  - a", ENV: "channels: [b]"},
        {"CONDA_CHANNELS": "c"},
        ("a",),
    ),
    "a flag with a space is a comment": (
        {HOME: "channels:\n  - a\n  - b  # !top", ENV: "channels: [c]"},
        {},
        ("c", "a", "b"),
    ),
    "the alias of the key counts too": ({HOME: "channel: [a]"}, {}, ("a",)),
    "an empty key says nothing": ({HOME: "channels: [a]", ENV: "channels:"}, {}, ("a",)),
    "the variable goes before the files": (
        {HOME: "channels: [a, b]"},
        {"CONDA_CHANNELS": "b, c,,"},
        ("b", "c", "a"),
    ),
    "variables are filled in": (
        {HOME: 'channels: ["https://$HOST/x", "${HOST}", "$NONE"]'},
        {"HOST": "h.example"},
        ("https://h.example/x", "h.example", "$NONE"),
    ),
    "local goes first where it is to be used": (
        {HOME: "channels: [a]\nuse_local: true"},
        {},
        ("local", "a"),
    ),
    "a folder's files by name, later ones first": (
        {"root/condarc.d/b.yml": "channels: [b]", "root/condarc.d/a.yaml": "channels: [a]"},
        {},
        ("b", "a"),
    ),
    "not every file of a folder": (
        {"root/condarc.d/a.txt": "channels: [a]", "home/.condarc.d/b.yml": "channels: [b]"},
        {},
        (),
    ),
    "a file of one's own by its ending": (
        {OWN: "channels: [a]"},
        {"CONDARC": "{at}/own.yml"},
        ("a",),
    ),
    "no file of one's own by another ending": (
        {"own.txt": "channels: [a]"},
        {"CONDARC": "{at}/own.txt"},
        (),
    ),
    "a folder of one's own": (
        {"rc/x.yml": "channels: [a]"},
        {"CONDARC": "{at}/rc"},
        ("a",),
    ),
    "the environment that is named, not the active one": (
        {"active/.condarc": "channels: [a]", ENV: "channels: [b]"},
        {"CONDA_PREFIX": "{at}/active"},
        ("b",),
    ),
    "every place of the home": (
        {
            "xdg/conda/condarc": "channels: [a]",
            "home/.config/conda/condarc": "channels: [b]",
            "home/.conda/condarc.d/x.yml": "channels: [c]",
        },
        {"XDG_CONFIG_HOME": "{at}/xdg"},
        ("c", "b", "a"),
    ),
}
FORGE = "https://conda.anaconda.org/conda-forge/linux-64"
NAMES = {
    "an alias": ({HOME: "channel_alias: https://h.example/c"}, "https://h.example/c/x/y", "x/y"),
    "an alias with a token": (
        {HOME: "channel_alias: https://h.example/t/tk-12345678/c"},
        "https://h.example/t/tk-87654321/c/x/noarch",
        "x",
    ),
    "another alias than conda's": (
        {HOME: "channel_alias: https://h.example"},
        FORGE,
        "https://conda.anaconda.org/conda-forge",
    ),
    "an alias that was left": (
        {HOME: "migrated_channel_aliases: [https://old.example]"},
        "https://old.example/conda-forge/noarch",
        "conda-forge",
    ),
    "a custom channel": (
        {HOME: "custom_channels:\n  team: https://h.example:8443/conda"},
        "https://me:pw@h.example:8443/conda/team/sub/linux-64",
        "team/sub",
    ),
    "a final custom channel": (
        {
            HOME: "custom_channels:\n  team: https://one.example #!final",
            ENV: "custom_channels:\n  team: https://two.example",
        },
        "https://one.example/team",
        "team",
    ),
    "a custom channel that moved": (
        {HOME: "migrated_custom_channels:\n  team: https://old.example/x"},
        "https://old.example/x/team/sub",
        "team/sub",
    ),
    "a group": (
        {HOME: f"custom_multichannels:\n  mine:\n    - {FORGE[:-9]}\n    - bioconda"},
        FORGE,
        "mine",
    ),
    "a group of two files": (
        {
            HOME: "custom_multichannels:\n  mine: [bioconda]",
            ENV: "custom_multichannels:\n  mine: [conda-forge]",
        },
        "https://conda.anaconda.org/bioconda/noarch",
        "mine",
    ),
    "defaults": ({}, "https://repo.anaconda.com/pkgs/r/linux-64", "defaults"),
    "defaults of one's own": (
        {HOME: "default_channels: [https://h.example/a, conda-forge]"},
        FORGE,
        "defaults",
    ),
    "the whole alias as a default": (
        {HOME: "default_channels: [https://conda.anaconda.org]"},
        "https://conda.anaconda.org/acme",
        "/acme",
    ),
    "Windows": (
        {HOME: "subdir: win-64"},
        "https://repo.anaconda.com/pkgs/msys2/win-64",
        "defaults",
    ),
    "elsewhere": ({}, "http://localhost:8080/a/b/linux-64", "http://localhost:8080/a/b"),
    "an enterprise server": ({}, "https://h.example/conda/a/noarch", "https://h.example/conda/a"),
    "a folder": ({}, "file:///srv/my%20channels/local", "file:///srv/my%20channels/local"),
}


@pytest.fixture
def configured(tmp_path):
    def configured(files: dict[str, str], environ: dict[str, str]):
        for place, text in files.items():
            path = tmp_path / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        filled = {name: value.replace("{at}", str(tmp_path)) for name, value in environ.items()}
        filled["CONDA_ROOT"] = str(tmp_path / "root")
        return CondaConfiguration(filled, tmp_path / "home").of(str(tmp_path / "env"))

    return configured


@pytest.mark.parametrize("claim", CHANNELS)
def test_channels(configured, claim):
    files, environ, channels = CHANNELS[claim]
    assert configured(files, environ).settings.channels == channels


@pytest.mark.parametrize("claim", NAMES)
def test_the_canonical_name_of(configured, claim):
    files, url, name = NAMES[claim]
    assert Naming(configured(files, {}).settings).canonical(url) == name


@pytest.mark.parametrize(
    ("place", "environ", "text", "name"),
    [
        ("envs/a", {}, "envs_dirs: ['{at}/envs']", "a"),
        ("envs/a", {}, "envs_path: [$WHERE/envs]", "a"),
        ("envs/a", {"CONDA_ENVS_DIRS": "/x:{at}/envs"}, "", "a"),
        ("envs/a", {"CONDA_ENVS_PATH": "{at}/envs"}, "", "a"),
        ("root/envs/a", {}, "", "a"),
        ("home/.conda/envs/a", {}, "", "a"),
        ("root", {}, "", "base"),
        ("other", {}, "root_prefix: '{at}/other'", "base"),
        ("other", {"CONDA_ROOT_PREFIX": "{at}/other"}, "", "base"),
        ("elsewhere/a", {}, "", "{at}/elsewhere/a"),
    ],
)
def test_the_name_is_of_a_folder_of_environments(tmp_path, place, environ, text, name):
    def filled(value: str) -> str:
        return value.replace("{at}", str(tmp_path))

    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".condarc").write_text(filled(text))
    variables = {key: filled(value) for key, value in environ.items()}
    variables |= {"CONDA_ROOT": str(tmp_path / "root"), "WHERE": str(tmp_path)}
    configuration = CondaConfiguration(variables, tmp_path / "home")
    prefix = str(tmp_path / place)
    assert configuration.name_of(prefix, configuration.of(prefix)) == filled(name)
