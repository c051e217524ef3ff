"""The names under which tests record what they compared, for the run's summary."""

SAMPLES = "samples compared with torch"
LACKING = "what the installed torch lacks"
CONFIGURATIONS = "configurations compared with torch.optim"
SCHEDULES = "schedules compared with torch.optim.lr_scheduler"
RESUMED = "families resumed, by order"
LAYERS = "layers and losses compared with torch.nn"
