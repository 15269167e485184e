"""The configuration of the JupyterLab that `make lab` starts."""

from traitlets.config import get_config

c = get_config()
c.Application.log_level = "WARN"
c.ServerApp.ip = "127.0.0.1"
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
