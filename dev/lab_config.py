# Configuration of the JupyterLab that `make lab` starts; `c` comes from traitlets.
c.ServerApp.ip = "127.0.0.1"  # noqa: F821
c.LabApp.news_url = None  # noqa: F821
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"  # noqa: F821
