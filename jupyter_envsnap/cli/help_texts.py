"""What ``--help`` says beside the options."""

PROGRAM = """\
Gives a notebook kernel's environment what git gives code: write down what is installed, save it
to the repository, commit it.
"""
PROGRAM_EXAMPLES = """\
examples:
  jupyter envsnap export                 this environment, on the screen
  jupyter envsnap save --dry-run         what would change in the repository's environment.yml
  jupyter envsnap save --commit          change it, and commit it
  jupyter envsnap diff A B               what changed between two environments or files
  jupyter envsnap check                  whether the environment still is what its file says
  jupyter envsnap history                the environments that were kept

`jupyter envsnap COMMAND --help` says more about a command.
"""

EXPORT = """\
Write down what is installed in an environment, so that others can make it again.

Without a target, this is the environment that the command itself runs in. Nothing is
changed in the environment, no kernel is disturbed, and conda need not be installed.
"""
EXPORT_EXAMPLES = """\
examples:
  jupyter envsnap export                               this environment, on the screen
  jupyter envsnap export -o environment.yml            into a file
  jupyter envsnap export --prefix ~/envs/climate       the environment in a folder
  jupyter envsnap export --kernel climate              the one that a kernel would start in
  jupyter envsnap export --kernel-id ID                the one that a running kernel is in
  jupyter envsnap export --json                        every detail, for a program

`jupyter kernelspec list` shows the kernels' names. Messages go to standard error; the exit
status is 0, or 2 if it could not be done.
"""

SAVE = """\
Save what is installed in an environment to its file in the repository, and commit that file
if you ask for it.

Without PATH, the file is the environment.yml that belongs to the current folder: the nearest
one from here up to the top of the git repository (binder/ and .binder/ come first), or a new
one at the top; outside a repository, the one in this folder. Without a target, the environment
is the one that the command itself runs in.

The file is replaced as a whole or not at all. A commit holds that one file: whatever else you
have staged stays staged, and nothing is ever pushed.
"""
SAVE_EXAMPLES = """\
examples:
  jupyter envsnap save                                 into the environment.yml found from here
  jupyter envsnap save --dry-run                       only show what would change
  jupyter envsnap save --commit                        and commit it, with a message made from it
  jupyter envsnap save --commit -m "Add xarray"        and commit it with this message
  jupyter envsnap save --kernel climate envs/climate.yml
                                                       the environment of a kernel, into this file
  jupyter envsnap save --dry-run --json                every detail, for a program

Messages go to standard error. The exit status is 0 if it is done or there was nothing to do,
1 if --dry-run shows that the file would change, 2 if it could not be done, which includes a
commit that was asked for and not made: the file is saved then, and the message says why.
"""

DIFF = """\
Say what changed from A to B: packages that came, went or changed, those that you asked for first.

Each of the two is a file, the folder of an environment, or one of
  rev:REVISION:FILE    the file as it was in a commit, a branch or a tag
  snapshot:ID          an environment that was kept
  kernel:ID            the environment of a running kernel
  file:PATH            a file, whatever it is called

Against a file, an environment is compared as far as the file can say it: a short list does not
differ because of a package that was only pulled in, and numpy>=1.24 takes every numpy above.
"""
DIFF_EXAMPLES = """\
examples:
  jupyter envsnap diff environment.yml ~/envs/climate       what is installed that the file lacks
  jupyter envsnap diff rev:main:environment.yml environment.yml
                                                            what this branch changes
  jupyter envsnap diff ~/envs/old ~/envs/new                two environments

The exit status is 0 if nothing differs, 1 if something does, 2 if they could not be compared.
"""

SNAPSHOT = """\
Keep an environment in the history, beside what JupyterLab keeps when a kernel ends.

Without a target, this is the environment that the command itself runs in. The id goes to
standard output, all else to standard error.
"""
SNAPSHOT_EXAMPLES = """\
examples:
  jupyter envsnap snapshot                             this environment
  jupyter envsnap snapshot --note "before CUDA 12"     and why
  jupyter envsnap snapshot --prefix ~/envs/climate     the environment in a folder
"""

HISTORY = """\
List the environments that were kept, newest first: when, why, how many packages, which notebook.

Reasons: manual, kernel-start, changed, kernel-shutdown, kernel-restart, kernel-died, server-stop,
recovered, cli, saved.
"""
HISTORY_EXAMPLES = """\
examples:
  jupyter envsnap history                              the last twenty
  jupyter envsnap history --notebook analysis.ipynb    of one notebook, as the server calls it
  jupyter envsnap history --package numpy --version 1.26.4
                                                       when this version was installed
  jupyter envsnap history --package numpy --version 1.26
                                                       when any 1.26 was, such as 1.26.4
"""

SHOW = """\
Write down an environment that was kept. ID is what `history` prints, a beginning of it that
fits no other, or `latest`.
"""
SHOW_EXAMPLES = """\
examples:
  jupyter envsnap show latest                          as environment.yml, on the screen
  jupyter envsnap show 0660f8bb0495 -o environment.yml into a file
  jupyter envsnap show latest --json                   every detail, for a program
"""

CHECK = """\
Say whether an environment still is what its file says, as far as the file can say it: a short
list does not differ because of a package that was only pulled in, numpy>=1.24 takes every numpy
above, and what the file leaves out by its first line is not asked for.

Without FILE, it is the environment file found from the current folder. Without a target, the
environment is the one that the command itself runs in.
"""
CHECK_EXAMPLES = """\
examples:
  jupyter envsnap check                                this environment and the file found from here
  jupyter envsnap check environment.yml --prefix ~/envs/climate
  jupyter envsnap check --kernel climate               the environment of an installed kernel

The exit status is 0 if nothing differs, 1 if something does, 2 if they could not be compared.
"""
